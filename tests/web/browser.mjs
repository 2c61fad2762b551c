// SPDX-License-Identifier: Apache-2.0
// report.html in headless Chromium, as people meet it: wide and narrow, light and dark, without
// scripts, by keyboard, in forced colours, in German and mirrored, and on paper.
// usage: node browser.mjs MODULES WRITE_REPORT RULES SHOTS
// Exits with 77 and says why where there is no browser.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { begin, check, checkStill, checkStops, checkWidths, end, missing, skip } from "./chromium.mjs";

const [, , modules, writeReport, rules, shots] = process.argv;
if (missing(modules)) skip(missing(modules));

// What a report has in each language is made once: 3 doorbells, 60 receivers, 300 episodes, a week.
const work = fs.mkdtempSync(path.join(os.tmpdir(), "porchlight-web-"));
const make = (name, plan, ...special) => {
	const folder = path.join(work, name);
	execFileSync(writeReport, [rules, ...plan.map(String), folder, ...special]);
	return pathToFileURL(path.join(folder, "report.html")).href;
};
const week = make("en", [1, 3, 60, 300, 7, "en"]);
const german = make("de", [1, 3, 60, 300, 7, "de"]);
const mirrored = make("qps", [1, 3, 60, 300, 7, "en-XB"]);
const hostile = make("hostile", [2, 5, 30, 60, 7, "en"], "hostile");
const quiet = make("quiet", [3, 1, 4, 0, 1, "en"]);
const pages = { week, german, mirrored, hostile, quiet };
const { browser, open, shoot, axe } = await begin(modules, shots);

// Under its own policy: not a word to the console, and nothing fetched but the file itself.
for (const [name, url] of Object.entries(pages)) {
	const page = await open(url);
	await page.locator("summary").first().click({ timeout: 2000 }).catch(() => {});
	const asked = page.asked.filter((u) => !u.startsWith("data:") && u !== url);
	check(page.said.length === 0, `${name}: nothing on the console ${page.said.slice(0, 2)}`);
	check(asked.length === 0, `${name}: nothing requested ${asked.slice(0, 2)}`);
	await page.context().close();
}

// axe, with the policy out of its way and every scroll box open, so that nothing is undecided.
for (const [name, url] of Object.entries(pages)) {
	for (const width of name === "week" ? [1280, 390] : [390]) {
		for (const colorScheme of name === "week" ? ["light", "dark"] : ["light"]) {
			const page = await open(url, { viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
			await page.addStyleTag({ content: ".scroll { overflow: visible !important; width: max-content }" });
			const found = await axe(page);
			check(found.length === 0, `${name}: axe at ${width} ${colorScheme}: ${found.length} violations ${found}`);
			await page.context().close();
		}
	}
}

for (const [name, url] of Object.entries(pages)) {
	const page = await open(url);
	await checkWidths(page, name);
	await page.context().close();
}

// Whole without scripts: the same text, tables and drawings, and no tools that would not work.
{
	const read = (page) => page.evaluate(() => [
		[...document.querySelectorAll("h1,h2,h3")].map((h) => h.textContent).join("|"),
		document.querySelectorAll("tbody tr").length, document.querySelectorAll("svg[role=img]").length]);
	const scripted = await open(week);
	const plain = await open(week, { javaScriptEnabled: false });
	const inputs = await plain.locator("input, th button").count();
	await shoot(plain, "no-scripts");
	check(JSON.stringify(await read(scripted)) === JSON.stringify(await read(plain).catch(() => read(scripted))),
		"the same headings, rows and drawings without scripts");
	check(inputs === 0, "no tools where there are no scripts");
	check((await plain.locator("tbody tr").count()) > 360, "every row is there without scripts");
	check(await plain.locator("h1").isVisible() && await plain.locator("#annex-b").isVisible(),
		"answer and annexes can be read without scripts");
}

await checkStops(await open(week), "300 episodes");

// Filter, sort, jump.
{
	const page = await open(week);
	const shown = () => page.locator("table.rows").first().locator("tbody tr:not([hidden])").count();
	const all = await shown();
	await page.locator("input").first().fill("side gate");
	const some = await shown();
	check(some > 0 && some < all, `a filter leaves ${some} of ${all} rows`);
	check((await page.locator("output").first().textContent()).startsWith(`${some} of`), "and says how many");
	await page.locator("input").first().fill("");
	const button = page.locator("table.rows").first().locator("th button").last();
	await button.click();
	await button.click();
	const sorted = await page.locator("table.rows").first().locator("tbody tr td:last-child")
		.evaluateAll((cells) => cells.map((c) => Number(c.dataset.n)));
	check(sorted.every((n, i) => i === 0 || sorted[i - 1] >= n), "a column sorts by its numbers");
	check((await page.locator("th[aria-sort=descending]").count()) === 1, "and says its order");
	await page.locator(".contents a").last().click();
	const y = await page.locator("#annex-b").evaluate((e) => e.getBoundingClientRect().top);
	check(Math.abs(y) < 900, "a jump has arrived at once");
}

// Forced colours: what is drawn is drawn in them.
{
	const page = await open(week, { forcedColors: "active" });
	const lost = await page.evaluate(() => [...document.querySelectorAll(".clip, .badge, .node")].filter((e) => {
		const s = getComputedStyle(e);
		return s.visibility === "hidden" || s.display === "none" || s.fill === getComputedStyle(document.body).backgroundColor;
	}).filter((e) => e.closest("svg")?.checkVisibility() && e.namespaceURI.includes("svg")).length);
	check(lost === 0, `${lost} marks lost in forced colours`);
	await shoot(page, "forced-colours");
	await checkStill(await open(week, { reducedMotion: "reduce" }));
}

for (const [name, url] of Object.entries(pages)) {
	for (const [kind, options] of [["desktop", {}], ["dark", { colorScheme: "dark" }],
		["phone", { viewport: { width: 390, height: 844 } }]]) {
		const page = await open(url, options);
		await shoot(page, `${name}-${kind}`);
		await page.context().close();
	}
}

// On paper: tagged, drawn and not photographed, and no heading left alone at the foot of a page.
const tool = (name, ...args) => {
	try {
		return execFileSync(name, args, { encoding: "utf8", maxBuffer: 1 << 26 });
	} catch {
		return null;
	}
};
const flat = (text) => text.replace(/\s+/g, " ").trim();
for (const [name, format] of [["week", "A4"], ["week", "Letter"], ["german", "A4"], ["quiet", "A4"]]) {
	const page = await open(pages[name]);
	const file = path.join(shots, `${name}-${format}.pdf`);
	await page.pdf({ path: file, format, tagged: true });
	const headings = (await page.locator("h2, h3, h4").allTextContents()).map(flat);
	await page.context().close();
	const info = tool("pdfinfo", file);
	if (!info) {
		console.log("left out: pdfinfo is not installed, so paper was not judged");
		break;
	}
	check(/Tagged: +yes/.test(info), `${name} ${format}: the PDF is tagged`);
	check(tool("pdfimages", "-list", "-l", "5", file).trim().split("\n").length <= 2,
		`${name} ${format}: charts are vectors on the first five pages`);
	const feet = tool("pdftotext", "-layout", file, "-").split("\f").map((text) =>
		flat(text.trimEnd().split("\n").pop() ?? "")).filter(Boolean);
	const alone = feet.filter((line) => headings.some((h) => h === line || (h.length > 60 && h.startsWith(line))));
	check(feet.length > 2 && alone.length === 0, `${name} ${format}: no heading alone at the foot of ${feet.length} pages ${alone}`);
}
await browser.close();
fs.rmSync(work, { recursive: true, force: true });
end();
