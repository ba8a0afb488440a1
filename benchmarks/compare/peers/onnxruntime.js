// ONNX Runtime as a peer of benchmarks/compare: a JSON request a line in, a JSON answer a line out.
// node onnxruntime.js MODULES: the node_modules that holds onnxruntime-node. PEER_VARIANT is "spinning" or "no spinning".
const path = require('path');
const modules = process.argv[2];
const ort = require(path.join(modules, 'onnxruntime-node'));
const version = require(path.join(modules, 'onnxruntime-node', 'package.json')).version;

let session;
let members;
let batches;

const handlers = {
  async load(request) {
    session = await ort.InferenceSession.create(request.onnx, {
      graphOptimizationLevel: 'all',
      executionMode: 'sequential',
      intraOpNumThreads: request.threads,
      interOpNumThreads: 1,
      enableMemPattern: true,
      extra: { session: { intra_op: { allow_spinning: process.env.PEER_VARIANT === 'no spinning' ? '0' : '1' } } },
    });
    return { version };
  },

  async inputs(request) {
    members = request.batches;
    batches = members.map(sequences => pad(sequences.map(index => request.sequences[index])));
    return {};
  },

  async run(request) {
    const seconds = [];
    let sum = 0;
    while (seconds.length === 0 || sum < request.visit_seconds) {
      const start = process.hrtime.bigint();
      for (const batch of batches) {
        await session.run(batch, ['last_hidden_state']);
      }

      seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
      sum += seconds[seconds.length - 1];
    }

    return { seconds };
  },

  async states(request) {
    const outputs = [];
    for (const batch of batches) {
      outputs.push((await session.run(batch, ['last_hidden_state'])).last_hidden_state);
    }

    return { states: request.tokens.map(([sequence, token]) => state(outputs, sequence, token)) };
  },
};

function pad(rows) {
  const length = Math.max(...rows.map(row => row.length));
  const dims = [rows.length, length];
  const ids = new BigInt64Array(rows.length * length);
  const mask = new BigInt64Array(rows.length * length);
  rows.forEach((row, r) => row.forEach((id, i) => {
    ids[r * length + i] = BigInt(id);
    mask[r * length + i] = 1n;
  }));
  return {
    input_ids: new ort.Tensor('int64', ids, dims),
    attention_mask: new ort.Tensor('int64', mask, dims),
    token_type_ids: new ort.Tensor('int64', new BigInt64Array(ids.length), dims),
  };
}

function state(outputs, sequence, token) {
  const batch = members.findIndex(sequences => sequences.includes(sequence));
  const [, length, hidden] = outputs[batch].dims;
  const start = (members[batch].indexOf(sequence) * length + token) * hidden;
  return Array.from(outputs[batch].data.subarray(start, start + hidden));
}

(async () => {
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    let answer;
    try {
      answer = await handlers[request.verb](request);
    } catch (error) {
      answer = { error: error.message };
    }

    process.stdout.write(JSON.stringify(answer) + '\n');
  }
})();
