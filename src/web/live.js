// SPDX-License-Identifier: Apache-2.0
// Keeps the live page true while it is open.  The page is whole without.
"use strict";
(() => {
	const get = (id) => document.getElementById(id);
	const write = (at, text) => {
		if (at && at.textContent.trim() !== text) at.textContent = text;
	};

	// A token comes behind the # of a link, which no server is told.
	const door = get("open");
	if (door) {
		const token = location.hash.slice(1);
		history.replaceState(null, "", location.pathname);
		if (/^[a-z2-9]{26}$/.test(token)) {
			door.elements.token.value = token;
			door.requestSubmit();
		}
		return;
	}
	if (!get("now")) return;

	let source, timer, boot = document.body.dataset.boot, clock = "", heard = 0, lost = false;

	// Takes sections from the page as it is now, but those that somebody is at work in.
	const refresh = async (all) => {
		timer = 0;
		const answer = await fetch(location.pathname + location.search).catch(() => null);
		if (answer && answer.status === 401) location.assign("/open");
		if (!answer || !answer.ok) return;
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		for (const fresh of page.querySelectorAll("main > section[id]")) {
			const old = get(fresh.id);
			if (fresh.id === "answer") {
				if (!lost) get("now").replaceChildren(...page.getElementById("now").childNodes);
			} else if (!old) {
				get("main").append(fresh);
			} else if (all === old || !(old.contains(document.activeElement) || old.querySelector("details[open]"))) {
				const table = old.querySelector("details[open]") !== null;
				old.replaceWith(fresh);
				if (all === old && table) fresh.querySelector("details").open = true;
			}
		}
	};
	const later = () => {
		timer ||= setTimeout(refresh, 300);
	};

	const draw = (svg, kbps) => {
		const told = svg.dataset.kbps.split(" ").slice(1);
		told.push(kbps);
		svg.dataset.kbps = told.join(" ");
		const most = Math.max(400, ...told);
		svg.firstElementChild.setAttribute("d",
			`M0 44${told.map((k, i) => `L${i} ${(44 - 44 * k / most).toFixed(1)}`).join("")}L119 44z`);
	};

	const see = (state) => {
		const next = state.clock !== clock;
		const known = document.querySelectorAll("#devices article").length;
		heard = Date.now();
		clock = state.clock;
		if (lost) get("lost").hidden = true;
		if (lost || state.boot !== boot || known !== state.devices.length) later();
		document.body.classList.remove("stale");
		lost = false;
		boot = state.boot;
		get("answer").dataset.state = state.state;
		if (get("now").textContent.trim() !== state.now) {
			write(get("now"), state.now);
			write(get("heard"), state.now);
			later();
		}
		document.title = `${state.now} porchlight`;
		for (const part of ["detail", "lead", "watching"]) write(get(part), state[part]);
		for (const device of state.devices) {
			const card = get(device.id);
			if (!card) continue;
			card.dataset.state = device.state;
			write(card.querySelector(".does"), device.does);
			write(card.querySelector(".model"), device.more);
			if (next) draw(card.querySelector(".trace"), device.kbps);
		}
	};
	const lose = () => {
		const text = document.body.dataset.lost.replace("{clock}", clock || "-");
		lost = true;
		document.body.classList.add("stale");
		document.title = document.body.dataset.lostTitle;
		write(get("lost"), text);
		write(get("heard"), text);
		get("lost").hidden = false;
	};

	const listen = () => {
		if (source) source.close();
		heard = Date.now();
		source = new EventSource("/events");
		source.addEventListener("open", later); // for what happened since the page was made
		source.addEventListener("state", (event) => see(JSON.parse(event.data)));
		for (const kind of ["episode", "device", "notice", "gap"]) source.addEventListener(kind, later);
	};
	setInterval(() => {
		if (document.hidden) return;
		if (Date.now() - heard > 4000 && !lost) lose();
		if (source.readyState === EventSource.CLOSED && Date.now() - heard > 3000) {
			listen();
			later(); // a stream that was refused does not open, and the page may be refused, too
		}
	}, 1000);
	setInterval(() => document.hidden || lost || later(), 30000);
	document.addEventListener("visibilitychange", () => {
		if (document.hidden) {
			source.close();
		} else {
			listen();
		}
	});
	document.addEventListener("click", (event) => {
		const link = event.target.closest(".zoom a");
		if (!link) return;
		event.preventDefault();
		history.replaceState(null, "", link.getAttribute("href"));
		refresh(get("speed")).then(() => get("speed").querySelector("[aria-current]").focus());
	});
	listen();
})();
