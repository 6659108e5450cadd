// Chromium without a window, driven by playwright-core.
//
// Reads one line of JSON for each command from standard input, {"page", "do", ...}, and prints one line of JSON for each: where
// the page is then, {"url", "title", "text", "cookies", "visited"}, or {"error"}. A page is a tab; all share one profile. Stops when
// standard input ends.

import * as readline from 'node:readline';
import { chromium } from 'playwright-core';

const { executable } = JSON.parse(process.argv[2]);
const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
const context = await browser.newContext();
context.setDefaultTimeout(20_000);
const pages = new Map();

const actions = {
  open: (page, { url }) => page.goto(url),
  click: (page, { selector }) => page.click(selector),
  fill: (page, { selector, text }) => page.fill(selector, text),
  back: (page) => page.goBack(),
  reload: (page) => page.reload(),
  look: () => {},
};

async function carry(command) {
  if (!pages.has(command.page)) {
    const page = await context.newPage();
    const visited = [];
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) visited.push(request.url());
    });
    pages.set(command.page, { page, visited });
  }
  const { page, visited } = pages.get(command.page);
  await actions[command.do](page, command);
  await page.waitForLoadState('load');
  const cookies = (await context.cookies()).map(({ name, domain }) => `${name} ${domain}`);
  return { url: page.url(), title: await page.title(), text: await page.innerText('body'), cookies, visited };
}

console.log(JSON.stringify({ version: browser.version() }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const outcome = await carry(JSON.parse(line)).catch((error) => ({ error: String(error) }));
  console.log(JSON.stringify(outcome));
}
await browser.close();
