// SPDX-License-Identifier: Apache-2.0
// Filters and sorts the annexes, which are whole without.
"use strict";
for (const table of document.querySelectorAll("table.rows")) {
	const body = table.tBodies[0];
	const rows = [...body.rows];
	const tools = document.createElement("div");
	const label = document.createElement("label");
	const input = document.createElement("input");
	const count = document.createElement("output");
	const tell = (n) => {
		count.textContent = table.dataset.shown.replace("{n}", n).replace("{all}", rows.length);
	};
	const value = (row, i) => {
		const cell = row.cells[i];
		const time = cell.querySelector("time");
		return cell.dataset.n ? Number(cell.dataset.n) : time ? time.dateTime : cell.textContent.trim();
	};

	tools.className = "tools";
	input.type = "search";
	label.append(table.dataset.filter + " ", input);
	tools.append(label, count);
	table.parentElement.before(tools);
	tell(rows.length);
	input.addEventListener("input", () => {
		const sought = input.value.toLowerCase();
		let shown = 0;
		for (const row of rows) {
			row.hidden = !row.textContent.toLowerCase().includes(sought);
			shown += row.hidden ? 0 : 1;
		}
		tell(shown);
	});
	[...table.tHead.rows[0].cells].forEach((head, i) => {
		const button = document.createElement("button");
		button.type = "button";
		button.append(...head.childNodes);
		head.append(button);
		button.addEventListener("click", () => {
			const up = head.getAttribute("aria-sort") !== "ascending";
			for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
			head.setAttribute("aria-sort", up ? "ascending" : "descending");
			rows.sort((a, b) => {
				const x = value(a, i);
				const y = value(b, i);
				return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
			});
			body.append(...rows);
		});
	});
}
