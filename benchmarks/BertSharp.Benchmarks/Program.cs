using BenchmarkDotNet.Running;
using BertSharp.Benchmarks;

// `scifact` measures quality and speed of a whole task, `search` a search against memory; everything else goes to BenchmarkDotNet (`--filter *Gemm*`).
if (args is ["scifact", string model, string data])
{
    SciFact.Run(model, data);
    return;
}

if (args is ["search", ..])
{
    SearchSpeed.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 1_000_000);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(SciFact).Assembly).Run(args);
