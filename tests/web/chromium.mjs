// SPDX-License-Identifier: Apache-2.0
// What the browser tests share: a headless Chromium of Debian, pages that keep what they said and
// asked for, and what is held against a page whatever it shows.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(fs.existsSync);

// Why there can be no browser, or null.
export const missing = (modules) => {
	if (!executablePath) return "no chromium";
	return fs.existsSync(path.join(modules, "playwright-core")) ? null : `no playwright-core in ${modules}`;
};
export const skip = (why) => {
	console.log(`skipped: ${why}`);
	process.exit(77);
};

// The browser, and what puts axe into a page; pictures go to a folder.
export const begin = async (modules, shots) => {
	const require = createRequire(path.join(path.resolve(modules), "x.js"));
	const { chromium } = require("playwright-core");
	fs.mkdirSync(shots, { recursive: true });
	const browser = await chromium.launch({
		executablePath,
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync"],
	});
	const open = async (url, options = {}) => {
		const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
		const page = await context.newPage();
		page.said = [];
		page.asked = [];
		page.on("console", (m) => page.said.push(m.text()));
		page.on("pageerror", (e) => page.said.push(e.message));
		page.on("request", (r) => page.asked.push(r.url()));
		await page.goto(url);
		return page;
	};
	const shoot = (page, name, fullPage = true) =>
		page.screenshot({ path: path.join(shots, `${name}.png`), fullPage });
	// What axe finds, a line for each rule that is broken.
	const axe = async (page) => {
		await page.evaluate(fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
		return page.evaluate(async () => (await window.axe.run(document, {
			runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
		})).violations.map((v) => `${v.id}: ${v.nodes.length}x ${v.nodes[0].html.slice(0, 140)}`));
	};
	return { browser, open, shoot, axe };
};

// Says how each check went, and ends with how all of them did.
let failures = 0;
export const check = (good, what) => {
	console.log(`${good ? "ok  " : "FAIL"} ${what}`);
	failures += good ? 0 : 1;
};
export const end = () => {
	console.log(failures ? `${failures} failed` : "all as it should be");
	process.exit(failures ? 1 : 0);
};

// No sideways scroll, from a small phone to a large screen and at 400 % of 1280.
export const checkWidths = async (page, name) => {
	for (const width of [320, 390, 719, 720, 1024, 1920]) {
		await page.setViewportSize({ width, height: 900 });
		await page.waitForTimeout(100);
		const wide = await page.evaluate(() => document.documentElement.scrollWidth);
		check(wide <= width, `${name}: ${wide} units wide at ${width}`);
	}
};

// By keyboard: the first stop leads past the head, few follow, and each has a ring that is seen.
export const checkStops = async (page, name) => {
	const stops = [];
	let unseen = 0;
	for (let i = 0; i < 100; i++) {
		await page.keyboard.press("Tab");
		const stop = await page.evaluate(() => {
			const at = document.activeElement;
			const style = getComputedStyle(at);
			return at === document.body ? null : {
				name: `${at.tagName} ${at.textContent.trim().slice(0, 30)}`,
				seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 &&
					at.getBoundingClientRect().bottom > 0,
			};
		});
		if (!stop) break;
		stops.push(stop.name);
		unseen += stop.seen ? 0 : 1;
	}
	check(stops.length > 5 && stops.length < 40, `${name}: ${stops.length} stops of the tab key`);
	check(stops[0].includes("Skip"), `${name}: the first stop is ${stops[0]}`);
	check(unseen === 0, `${name}: ${unseen} stops without a ring`);
};

// Nothing moves for who asked for that.
export const checkStill = async (page) => {
	check(await page.evaluate(() => [...document.querySelectorAll("*")].every((e) => {
		const style = getComputedStyle(e);
		return style.animationName === "none" && style.transitionDuration === "0s" && style.scrollBehavior === "auto";
	})), "nothing moves");
};
