// SPDX-License-Identifier: Apache-2.0
// Sits before the live page of a real watch, and tells when its sentence changed.
// usage: node watched.mjs MODULES URL SHOTS
// Writes a JSON object a line: {"at": milliseconds since 1970, "now": the sentence}.  A line on
// standard input has it take a picture of that name; the end of it, say what else was seen.
import path from "node:path";
import readline from "node:readline";

import { begin, missing } from "./chromium.mjs";

const [, , modules, url, shots] = process.argv;
const tell = (said) => console.log(JSON.stringify(said));
if (missing(modules)) {
	tell({ skipped: missing(modules) });
	process.exit(0);
}
const { browser, open } = await begin(modules, shots);
const page = await open("about:blank");
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
tell({ end: true, said: page.said, foreign: page.asked.filter((a) => !a.startsWith(url) && a !== "about:blank"), kept: await page.evaluate(() => window.kept === true) });
await browser.close();
