// SPDX-License-Identifier: Apache-2.0
// Runs the SQL on standard input in the current folder and prints its rows as CSV.
// usage: node duckdb.mjs NODE_MODULES
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "anything.js"));
const { DuckDBInstance } = require("@duckdb/node-api");

const quoted = (value) => `"${String(value ?? "").replaceAll('"', '""')}"`;
const connection = await (await DuckDBInstance.create(":memory:")).connect();
const reader = await connection.runAndReadAll(readFileSync(0, "utf8"));
console.log(reader.columnNames().map(quoted).join(","));
for (const row of reader.getRows()) console.log(row.map(quoted).join(","));
