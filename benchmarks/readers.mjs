// What two readers of the npm registry see in a feed: partytime and rss-parser, as one JSON document.
//     node readers.mjs FEED    (both packages in node_modules of the current folder)
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(path.join(process.cwd(), "package.json"));
const partytime = require("podcast-partytime");
const RSSParser = require("rss-parser");

const xml = fs.readFileSync(process.argv[2], "utf8");
const feed = (partytime.default ?? partytime).parseFeed(xml);
const plain = await new RSSParser().parseString(xml);
const enclosure = (one) =>
  one ? { url: one.url, length: Number(one.length), type: one.type } : null;
const item = (one) => ({ title: one.title, guid: one.guid, enclosure: enclosure(one.enclosure) });
console.log(
  JSON.stringify({
    partytime: feed.items.map(item),
    "rss-parser": plain.items.map(item),
    support: Object.values(feed.pc20support).flat(),
  }),
);
