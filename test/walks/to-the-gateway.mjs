// Stands in for DNS: requests to the host of an API of the emulated account reach the gateway of the test.
// `NODE_OPTIONS=--import` loads it into the programs that call a deployed service.
const { fetch: ask } = globalThis;
globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (!/\.execute-api\.[\w-]+\.amazonaws\.com$/.test(url.hostname)) return ask(input, init);
  return ask(new URL(`${url.pathname}${url.search}`, process.env.EMULATED_GATEWAY), init);
};
