// Runs one step of a client's flow: `node run.js apple_music_flow history < order.json`.
//
// As tests/clients/flows/run.py: every TCP connection leads to the simulator, whatever host the
// client has built in, and the process lives in the world's time.
import dns from "node:dns";
import net from "node:net";
import { text } from "node:stream/consumers";

const [module, step] = process.argv.slice(2);
const order = JSON.parse(await text(process.stdin));

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [normalized] = args;
  const options = Array.isArray(normalized) ? normalized[0] : normalized;
  Object.assign(options, { host: "127.0.0.1", port: order.port });
  return connect.apply(this, args);
};
dns.lookup = () => {
  throw new Error("a client asked for an address");
};
Date.now = () => order.now * 1000;

const flow = await import(`./${module}.js`);
process.stdout.write(JSON.stringify(await flow[step](order.given)));
