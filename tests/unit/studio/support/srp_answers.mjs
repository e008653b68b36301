/** Answers challenges for the Python side: JSON in, one line of JSON out. */

import { begin, signature } from "../../../../studio/js/cloud/srp.js";

let text = "";
for await (const piece of process.stdin) text += piece;
const answers = [];
for (const challenge of JSON.parse(text)) {
  const mine = begin(Uint8Array.from(Buffer.from(challenge.random, "hex")));
  const { random, ...rest } = challenge;
  answers.push({ public: mine.public, signature: await signature({ ...rest, ...mine }) });
}
console.log(JSON.stringify(answers));
