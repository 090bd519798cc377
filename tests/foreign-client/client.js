// Runs every case against the gRPC server at ADDRESS and prints one line of JSON for each: {"name", "ok", "detail"}.
// usage: node client.js ADDRESS PROTO_FOLDER [CASE...]
"use strict";

const assert = require("node:assert/strict");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [address, protoFolder, ...chosen] = process.argv.slice(2);
const api = grpc.loadPackageDefinition(
  loader.loadSync(["grpc/health/v1/health.proto", "envoy/service/ext_proc/v3/external_processor.proto"], {
    includeDirs: [protoFolder],
    keepCase: true,
    enums: String,
    oneofs: true,
  }),
);
const credentials = grpc.credentials.createInsecure();
const patience = 20_000;
const serverName = "envoy.service.ext_proc.v3.ExternalProcessor";

// Methods of the test's own service carry bare bytes.
const bytes = (value) => value;
const Wire = grpc.makeGenericClientConstructor(
  Object.fromEntries(
    ["Echo", "ReadNothing", "Fail", "StopServing", "Nothing"].map((name) => [
      name,
      {
        path: `/test.Wire/${name}`,
        requestStream: true,
        responseStream: true,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    ]),
  ),
);

function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${patience} ms for ${what}`)), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// A stream whose items, status and metadata can be awaited.
class Talk {
  constructor(call) {
    this.call = call;
    this.items = [];
    this.waiting = [];
    call.on("data", (item) => (this.waiting.length ? this.waiting.shift()(item) : this.items.push(item)));
    call.on("error", () => {});
    this.metadata = new Promise((resolve) => call.on("metadata", resolve));
    this.status = new Promise((resolve) => call.on("status", resolve));
  }

  next() {
    const item = this.items.length ? Promise.resolve(this.items.shift()) : new Promise((resolve) => this.waiting.push(resolve));
    return within(item, "an item");
  }

  end() {
    return within(this.status, "a status");
  }
}

function unary(client, method, request) {
  return within(
    new Promise((resolve, reject) => client[method](request, (error, answer) => (error ? reject(error) : resolve(answer)))),
    method,
  );
}

async function withClient(Client, run, options = {}) {
  const client = new Client(address, credentials, options);
  try {
    return await run(client);
  } finally {
    client.close();
  }
}

const withHealth = (run) => withClient(api.grpc.health.v1.Health, run);
const withWire = (run, options) => withClient(Wire, run, options);
const withProcessor = (run) => withClient(api.envoy.service.ext_proc.v3.ExternalProcessor, run);

const requestHeaders = (endOfStream) => ({
  request_headers: {
    headers: { headers: [{ key: ":method", raw_value: Buffer.from("GET") }, { key: ":path", raw_value: Buffer.from("/") }] },
    end_of_stream: endOfStream,
  },
  protocol_config: { request_body_mode: "STREAMED", response_body_mode: "STREAMED" },
});

const cases = {
  "a unary health check": () =>
    withHealth(async (health) => {
      assert.equal((await unary(health, "Check", { service: "" })).status, "SERVING");
      assert.equal((await unary(health, "Check", { service: serverName })).status, "SERVING");
    }),

  "a health check of an unknown service": () =>
    withHealth((health) => assert.rejects(unary(health, "Check", { service: "nobody" }), { code: grpc.status.NOT_FOUND })),

  "a list of all services' health": () =>
    withHealth(async (health) => {
      const { statuses } = await unary(health, "List", {});
      assert.equal(statuses[""].status, "SERVING");
      assert.equal(statuses[serverName].status, "SERVING");
    }),

  "a health watch that is cancelled": () =>
    withHealth(async (health) => {
      const watch = new Talk(health.Watch({ service: serverName }));
      assert.equal((await watch.next()).status, "SERVING");
      watch.call.cancel();
      assert.equal((await watch.end()).code, grpc.status.CANCELLED);
    }),

  "a health watch of an unknown service": () =>
    withHealth(async (health) => {
      const watch = new Talk(health.Watch({ service: "nobody" }));
      assert.equal((await watch.next()).status, "SERVICE_UNKNOWN");
      watch.call.cancel();
      await watch.end();
    }),

  "a health watch that sees a change": () =>
    withHealth((health) =>
      withWire(async (wire) => {
        const watch = new Talk(health.Watch({ service: "changing" }));
        assert.equal((await watch.next()).status, "SERVING");
        const stop = new Talk(wire.StopServing());
        stop.call.end();
        assert.equal((await stop.end()).code, grpc.status.OK);
        assert.equal((await watch.next()).status, "NOT_SERVING");
        watch.call.cancel();
        await watch.end();
      }),
    ),

  "a bidirectional exchange, item by item": () =>
    withProcessor(async (processor) => {
      const exchange = new Talk(processor.Process());
      exchange.call.write(requestHeaders(false));
      assert.equal((await exchange.next()).response, "request_headers");
      for (const last of [false, false, true]) {
        exchange.call.write({ request_body: { body: Buffer.from("piece"), end_of_stream: last } });
        assert.equal((await exchange.next()).response, "request_body");
      }
      exchange.call.write({ response_headers: { headers: { headers: [] }, end_of_stream: true } });
      assert.equal((await exchange.next()).response, "response_headers");
      exchange.call.end();
      assert.equal((await exchange.end()).code, grpc.status.OK);
    }),

  "an exchange that is cancelled in the middle": () =>
    withProcessor(async (processor) => {
      const exchange = new Talk(processor.Process());
      exchange.call.write(requestHeaders(false));
      await exchange.next();
      exchange.call.cancel();
      assert.equal((await exchange.end()).code, grpc.status.CANCELLED);
    }),

  "one hundred streams at once on one connection": () =>
    withProcessor(async (processor) => {
      const exchanges = Array.from({ length: 100 }, () => new Talk(processor.Process()));
      for (const exchange of exchanges) exchange.call.write(requestHeaders(true));
      for (const exchange of exchanges) assert.equal((await exchange.next()).response, "request_headers");
      for (const exchange of exchanges) exchange.call.end();
      for (const exchange of exchanges) assert.equal((await exchange.end()).code, grpc.status.OK);
    }),

  "an error with a non-ASCII message": () =>
    withWire(async (wire) => {
      const call = new Talk(wire.Fail());
      const status = await call.end();
      assert.equal(status.code, grpc.status.FAILED_PRECONDITION);
      assert.equal(status.details, "Übung: 100 % — 猫 🐈\n");
    }),

  "a deadline that passes": () =>
    withWire(async (wire) => {
      const call = new Talk(wire.ReadNothing(new grpc.Metadata(), { deadline: Date.now() + 150 }));
      assert.equal((await call.end()).code, grpc.status.DEADLINE_EXCEEDED);
    }),

  "a method that nobody serves": () =>
    withWire(async (wire) => {
      const call = new Talk(wire.Nothing());
      assert.equal((await call.end()).code, grpc.status.UNIMPLEMENTED);
    }),

  "compressed messages": () =>
    withWire(
      async (wire) => {
        const call = new Talk(wire.Echo());
        const large = Buffer.alloc(300_000, "compressible ");
        call.call.write(large);
        assert.ok(large.equals(await call.next()));
        call.call.end();
        assert.equal((await call.end()).code, grpc.status.OK);
      },
      { "grpc.default_compression_algorithm": 2 },
    ),

  "a message of 17 MiB there and back": () =>
    withWire(
      async (wire) => {
        const call = new Talk(wire.Echo());
        const large = Buffer.alloc(17 * 1024 * 1024, "0123456789");
        call.call.write(large);
        assert.ok(large.equals(await call.next()));
        call.call.end();
        assert.equal((await call.end()).code, grpc.status.OK);
      },
      { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 },
    ),
};

async function main() {
  if (chosen[0] === "--list") {
    console.log(JSON.stringify(Object.keys(cases)));
    return;
  }

  for (const [name, run] of Object.entries(cases)) {
    if (chosen.length && !chosen.includes(name)) continue;
    let detail = "";
    try {
      await run();
    } catch (error) {
      detail = String(error.stack ?? error);
    }
    console.log(JSON.stringify({ name, ok: detail === "", detail }));
  }
}

// A case that failed may have left a stream open, which would keep the program alive.
main().then(() => process.exit(0));
