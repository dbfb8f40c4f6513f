/** The way to servers: directly, or by the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name, also in lower case. */
import { Agent, type Dispatcher, EnvHttpProxyAgent, interceptors } from "undici";
import { ConfigError } from "../../base/errors.ts";

const connectTimeout = 30_000;
export const mostRedirects = 10;

let made: Dispatcher | undefined;

/** Follows redirects. @throws ConfigError a proxy in the environment is none */
export function network(): Dispatcher {
  made ??= (isProxied() ? proxies() : new Agent({ connectTimeout })).compose(
    interceptors.redirect({ maxRedirections: mostRedirects }),
  );
  return made;
}

/** Whether the environment names a proxy. */
export function isProxied(): boolean {
  return [...names.http, ...names.https].some((name) => process.env[name]);
}

/** Whichever comes first counts. */
const names = {
  http: ["http_proxy", "HTTP_PROXY"],
  https: ["https_proxy", "HTTPS_PROXY"],
} as const;

/** NO_PROXY is read by the library. Servers without TLS are asked for by the proxy itself, the others through it. */
function proxies(): Dispatcher {
  const options = {
    connectTimeout,
    proxyTunnel: false,
    httpProxy: addressIn(names.http),
    httpsProxy: addressIn(names.https),
  };
  return withoutWarning(() => new EnvHttpProxyAgent(options));
}

/** Empty where there is none. */
function addressIn(variables: readonly string[]): string {
  const name = variables.find((variable) => process.env[variable] !== undefined);
  const text = process.env[name ?? ""];
  if (!text) return "";
  const address = text.includes("://") ? text : `http://${text}`;
  // Its value is not shown, since it may hold a password.
  if (!URL.canParse(address) || !/^https?:/i.test(address))
    throw new ConfigError(`${name}: expected the address of a proxy, such as http://proxy.example:3128`);
  return address;
}

/** undici calls proxies of the environment an experiment, in two lines on stderr. */
function withoutWarning<Result>(make: () => Result): Result {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return make();
  } finally {
    process.emitWarning = emitWarning;
  }
}
