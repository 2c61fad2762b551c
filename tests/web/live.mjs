// SPDX-License-Identifier: Apache-2.0
// The live page in headless Chromium, as a household meets it: a clip begins and ends, the daemon
// restarts, falls silent, is gone; wide and narrow, light and dark, without scripts, by keyboard.
// usage: node live.mjs MODULES PYTHON DRIVE SHOTS   (PORCHLIGHT_PAGE is the program)
// Exits with 77 and says why where there is no browser.
import { spawn } from "node:child_process";
import http from "node:http";
import net from "node:net";
import readline from "node:readline";
import zlib from "node:zlib";

import { begin, check, checkStill, checkStops, checkWidths, end, missing, skip } from "./chromium.mjs";

const [, , modules, python, drive, shots] = process.argv;
if (missing(modules)) skip(missing(modules));

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const freePort = () => new Promise((done) => {
	const server = net.createServer().listen(0, "127.0.0.1", () => {
		const { port } = server.address();
		server.close(() => done(port));
	});
});

// One home and its page.
class Home {
	static async begin(...options) {
		const home = new Home();
		home.port = await freePort();
		home.url = `http://127.0.0.1:${home.port}/`;
		home.process = spawn(python, [drive, home.port, ...options], { stdio: ["pipe", "pipe", "inherit"] });
		home.said = [];
		readline.createInterface({ input: home.process.stdout }).on("line", (line) => home.said.push(JSON.parse(line)));
		await home.hears((said) => said.begun);
		return home;
	}
	do(word) {
		this.process.stdin.write(`${word}\n`);
	}
	async hears(wanted, ms = 15000) {
		for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
			const at = this.said.findIndex(wanted);
			if (at >= 0) return this.said.splice(at, 1)[0];
		}
		return null;
	}
	end() {
		this.process.stdin.end();
	}
}

const { browser, open, shoot: shootAs, axe } = await begin(modules, shots);
const shoot = (page, name) => shootAs(page, `live-${name}`);
const now = (page) => page.locator("#now").textContent().then((t) => t.trim());
const until = async (page, wanted, ms = 8000) => {
	const begun = Date.now();
	while (Date.now() - begun < ms) {
		if (wanted.test(await now(page))) return Date.now() - begun;
		await sleep(15);
	}
	return Infinity;
};
const fetchAll = (url) => new Promise((done, fail) => http.get(url, (answer) => {
	const parts = [];
	answer.on("data", (d) => parts.push(d));
	answer.on("end", () => done(Buffer.concat(parts)));
}).on("error", fail));

const home = await Home.begin();
const page = await open(home.url);

// A clip: the sentence, the title and the card say so at once, and the end is told as it is known.
{
	const took = [];
	check(await now(page) === "No sign of footage leaving.", "a quiet home says so");
	check((await page.locator(".card .does").first().textContent()).trim() === "Quiet", "and so does each card");
	await shoot(page, "quiet");
	for (let i = 0; i < 5; i++) {
		home.do("clip");
		took.push(await until(page, /^Front door is sending what looks like video\.$/));
		if (i === 0) {
			check(/^Front door is sending/.test(await page.title()), "the title says what the sentence says");
			check(/90–99%/.test(await page.locator("#detail").textContent()), "the likelihood has its range");
			await sleep(9000);
			await shoot(page, "sending");
			check(/^to Skyfold Cloud, United States, [0-9.]+ (kbit|Mbit)\/s$/.test((await page.locator(".card .model").first().textContent()).trim()), "the card says to whom, where and how fast");
			check(/so far/.test(await page.locator("#detail").textContent()), "and how much was sent so far");
		}
		home.do("pause");
		check(await until(page, /may have ended/) < 4000, "what may have ended is told as such");
		home.do("end");
		await until(page, /^No sign/);
	}
	console.log(`     ${took.join(", ")} ms from the line to the sentence`);
	check(took.every((ms) => ms < 1000), "the sentence changes within a second of the line");
	await page.waitForTimeout(1200);
	check(/(Today|Since \d\d:\d\d) what looks like footage left 38 times/.test(await page.locator("#lead").textContent()), "today's count follows");
	check((await page.locator(".log tr").count()) >= 8, "the log has what ended");
}

// Naming and marking reach the process that counts, with and without scripts.
{
	const card = page.locator("#devices article").first();
	await card.locator("summary").click();
	await card.locator("input[name=name]").fill("Porch <b> & \"co\"");
	await card.locator("button").click();
	const label = await home.hears((said) => said.command === "label");
	check(label?.name === "Porch <b> & \"co\"", `a device is named: ${JSON.stringify(label)}`);
	await page.waitForFunction(() => document.querySelector("#devices h3").textContent === "Porch <b> & \"co\"", null, { timeout: 6000 }).catch(() => {});
	check((await page.locator("#devices h3").first().textContent()) === "Porch <b> & \"co\"", "and called so");
	const plain = await open(home.url, { javaScriptEnabled: false });
	await plain.locator("#devices summary").first().click();
	await plain.locator("#devices input[name=name]").first().fill("Front door");
	await plain.locator("#devices .card button").first().click();
	check((await home.hears((said) => said.command === "label"))?.name === "Front door", "without scripts too");
	await plain.locator(".log summary").first().click();
	await plain.locator(".log button[value=expected]").first().click();
	const mark = await home.hears((said) => said.command === "mark");
	check(mark?.mark === "expected" && mark?.episode === "e3300000000000009", `an upload is marked: ${JSON.stringify(mark)}`);
	check(/marked as expected/.test(await plain.locator(".log").textContent()), "and shown so");
	await plain.context().close();
	await page.reload();
	await sleep(1200);
}

// The daemon restarts: nobody has to reload, and a page that hears nothing says so.
{
	const before = page.said.length;
	await page.evaluate(() => { window.kept = true; });
	home.do("restart");
	await page.waitForFunction(() => !document.getElementById("lost").hidden, null, { timeout: 6000 }).catch(() => {});
	check(await page.locator("#lost").isVisible(), "a lost stream is told in words");
	check(/^Connection lost/.test(await page.title()), "and in the title");
	check(await page.evaluate(() => document.body.classList.contains("stale")), "what is old is marked as old");
	await shoot(page, "lost");
	const begun = Date.now();
	await home.hears((said) => said.begun === 2);
	await page.waitForFunction(() => document.getElementById("lost").hidden, null, { timeout: 15000 }).catch(() => {});
	check(!(await page.locator("#lost").isVisible()), `a restart is survived, ${Date.now() - begun} ms after it was lost`);
	home.do("clip");
	check(await until(page, /^Front door is sending/) < 4000, "and what happens then is told");
	check(await page.evaluate(() => window.kept === true), "without a reload");
	home.do("pause");
	home.do("end");
	await until(page, /^No sign/);
	page.said.splice(before); // the browser's own words about a refused connection
}

// The process that counts falls silent: the page's server lives, and does not know.
{
	home.do("hush");
	check(await until(page, /^Cannot tell: the program that watches has said nothing/, 9000) < 9000, "silence is no quiet");
	await shoot(page, "silent");
	const fresh = await open(home.url);
	check(/^Cannot tell/.test(await now(fresh)), "nor for who comes then");
	await fresh.context().close();
	home.do("speak");
	check(await until(page, /^No sign/) < 3000, "it speaks again");
}

check(page.said.length === 0, `0 console messages ${page.said}`);
check(page.asked.every((url) => url.startsWith(home.url)), "0 foreign requests");

// A hidden tab lets go of its stream, and takes it up again.
{
	const streams = async () => Number(/porchlight_page_streams (\d+)/.exec((await fetchAll(`${home.url}metrics`)).toString())[1]);
	await sleep(2500); // what was closed is noticed as it is written to
	check(await streams() === 1, `one page, one stream: ${await streams()}`);
	await page.evaluate(() => {
		Object.defineProperty(document, "hidden", { value: true, configurable: true });
		document.dispatchEvent(new Event("visibilitychange"));
	});
	await sleep(2500);
	check(await streams() === 0, `none while hidden: ${await streams()}`);
	await page.evaluate(() => {
		Object.defineProperty(document, "hidden", { value: false, configurable: true });
		document.dispatchEvent(new Event("visibilitychange"));
	});
	await sleep(1500);
	check(await streams() === 1, `again when seen: ${await streams()}`);
}

// What is read aloud changes with the sentence, and never by the second.
{
	const spoken = await page.evaluate(() => new Promise((done) => {
		let count = 0;
		new MutationObserver(() => { count++; }).observe(document.getElementById("heard"), { childList: true, characterData: true, subtree: true });
		setTimeout(() => done(count), 5000);
	}));
	check(spoken === 0, `${spoken} words aloud in five quiet seconds`);
}

// Periods of the rate chart, by links: with scripts in place, without as a page.
{
	await page.locator(".zoom a").nth(2).click();
	await page.waitForFunction(() => /span=3600/.test(document.querySelector(".zoom a[aria-current]").href));
	check(/span=3600/.test(page.url()), "a longer period is shown");
	check(await page.evaluate(() => window.kept === true), "without leaving the page");
	await page.locator(".pan a").first().click();
	await page.waitForFunction(() => location.search.includes("until="));
	await page.waitForFunction(() => document.querySelectorAll(".pan a").length === 2, null, { timeout: 5000 }).catch(() => {});
	check((await page.locator(".pan a").count()) === 2, "an earlier one has a way back");
	const plain = await open(`${home.url}?span=86400#rates`, { javaScriptEnabled: false });
	check(/span=86400/.test(await plain.locator(".zoom a[aria-current]").getAttribute("href")), "and without scripts");
	await plain.context().close();
}

// Whole without scripts, and refreshed.
{
	const plain = await open(home.url, { javaScriptEnabled: false });
	check(await plain.locator("h1").isVisible(), "the answer is there without scripts");
	check((await plain.locator("h2").count()) >= 6, "and every section");
	check((await plain.locator("svg[role=img]").count()) >= 6, "and every drawing");
	check(/<noscript><meta http-equiv="refresh" content="30"><\/noscript>/.test((await fetchAll(home.url)).toString()), "it comes again each 30 s");
	await shoot(plain, "no-scripts");
	check(plain.said.length === 0, `0 console messages without scripts ${plain.said}`);
	await plain.context().close();
}

// axe, with everything opened, wide and narrow, light and dark.
home.do("clip");
await until(page, /^Front door is sending/);
for (const [width, height] of [[1280, 900], [390, 844]]) {
	for (const colorScheme of ["light", "dark"]) {
		const looked = await open(home.url, { viewport: { width, height }, colorScheme, bypassCSP: true });
		await looked.waitForTimeout(1200);
		await looked.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
		const found = await axe(looked);
		check(found.length === 0, `axe at ${width} ${colorScheme}: ${found.length} violations ${found}`);
		await looked.context().close();
	}
}

await checkWidths(page, "a day");
await page.setViewportSize({ width: 1280, height: 900 });

{
	const keyed = await open(home.url);
	await checkStops(keyed, "a day");
	await keyed.context().close();
}

// Forced colours, and nothing that moves.
{
	const forced = await open(home.url, { forcedColors: "active" });
	await shoot(forced, "forced-colours");
	const still = await open(home.url, { reducedMotion: "reduce" });
	await checkStill(still);
	await forced.context().close();
	await still.context().close();
}

for (const [name, options] of [["desktop", {}], ["dark", { colorScheme: "dark" }],
	["phone", { viewport: { width: 390, height: 844 } }], ["small", { viewport: { width: 320, height: 700 }, colorScheme: "dark" }]]) {
	const shown = await open(home.url, options);
	await shown.waitForTimeout(1200);
	await shoot(shown, name);
	await shown.context().close();
}

// What comes over the line: page, sheets, script and icon.
{
	let raw = 0;
	let packed = 0;
	for (const part of ["", "live.css", "live.js", "favicon.svg"]) {
		const bytes = await fetchAll(home.url + part);
		raw += bytes.length;
		packed += zlib.gzipSync(bytes, { level: 9 }).length;
	}
	check(packed < 40960, `${raw} bytes in all, ${packed} with gzip`);
	const event = await new Promise((done) => http.get(`${home.url}events`, (answer) => {
		let text = "";
		answer.on("data", (d) => {
			text += d;
			const found = /event: state\ndata: (.*)\n\n/.exec(text);
			if (found) {
				answer.destroy();
				done(found[1]);
			}
		});
	}));
	check(Buffer.byteLength(event) < 1400, `an event of the state has ${Buffer.byteLength(event)} bytes`);
}
home.end();

// German says all of it.
{
	const haus = await Home.begin("--lang", "de");
	const seite = await open(haus.url);
	await sleep(1200);
	haus.do("clip");
	check(await until(seite, /^Front door sendet, was wie Video aussieht\.$/) < 2000, `German: ${await now(seite)}`);
	await shoot(seite, "german");
	const text = await seite.locator("body").innerText();
	check(!/\b(sent|today|since|upload of|the)\b/i.test(text), `no English is left: ${/.*\b(sent|today|since|the)\b.*/i.exec(text)?.[0]}`);
	check(/: Schnittstelle br-lan war verschwunden/.test(text), "why nobody watched is told in German");
	check(/Es gibt keine Bibliothek, die man fragen könnte/.test(text), "and what cannot be told");
	check(!/[{}]/.test(text), "no slot is left");
	haus.end();
}

await browser.close();
end();
