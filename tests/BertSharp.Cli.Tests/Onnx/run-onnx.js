// Runs a graph in ONNX Runtime: node run-onnx.js MODEL < {input: {dims, data}} > {output: {dims, data}}
const ort = require(process.env.BERTSHARP_ORT + '/onnxruntime-node');
const inputs = JSON.parse(require('fs').readFileSync(0, 'utf8'));

(async () => {
  const session = await ort.InferenceSession.create(process.argv[2], { graphOptimizationLevel: 'all' });
  const feeds = {};
  for (const name of session.inputNames) {
    feeds[name] = new ort.Tensor('int64', BigInt64Array.from(inputs[name].data, BigInt), inputs[name].dims);
  }

  const outputs = {};
  for (const [name, tensor] of Object.entries(await session.run(feeds))) {
    outputs[name] = { dims: tensor.dims, data: Array.from(tensor.data) };
  }

  process.stdout.write(JSON.stringify(outputs));
})().catch(error => { console.error(error.message); process.exit(1); });
