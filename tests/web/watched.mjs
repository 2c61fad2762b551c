// SPDX-License-Identifier: Apache-2.0
// Sits before the live page of a real watch, and tells when its sentence changed.
// usage: node watched.mjs MODULES URL SHOTS
// Writes a JSON object a line: {"at": milliseconds since 1970, "now": the sentence}.  A line on
// standard input has it take a picture of that name; the end of it, say what else was seen.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";

const [, , modules, url, shots] = process.argv;
const chromiumPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(fs.existsSync);
if (!chromiumPath || !fs.existsSync(path.join(modules, "playwright-core"))) {
	console.log(JSON.stringify({ skipped: "no browser, or nothing that drives it" }));
	process.exit(0);
}
const require = createRequire(path.join(path.resolve(modules), "x.js"));
const { chromium } = require("playwright-core");
fs.mkdirSync(shots, { recursive: true });
const tell = (said) => console.log(JSON.stringify(said));

const browser = await chromium.launch({
	executablePath: chromiumPath,
	args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
const said = [];
const asked = [];
page.on("console", (m) => said.push({ at: Date.now(), text: m.text() }));
page.on("pageerror", (e) => said.push({ at: Date.now(), text: e.message }));
page.on("request", (r) => asked.push(r.url()));
await page.exposeFunction("tell", (now) => tell({ at: Date.now(), now }));
await page.goto(url);
await page.evaluate(() => {
	window.kept = true;
	const now = document.getElementById("now");
	let last = "";
	const look = () => {
		const text = document.body.classList.contains("stale") ? "lost" : now.textContent.trim();
		if (text !== last) window.tell(last = text);
	};
	new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ["class"] });
	look();
});
for await (const name of readline.createInterface({ input: process.stdin })) {
	await page.screenshot({ path: path.join(shots, `watched-${name}.png`), fullPage: true });
}
tell({ end: true, said, foreign: asked.filter((a) => !a.startsWith(url)), kept: await page.evaluate(() => window.kept === true) });
await browser.close();
