using System.Globalization;
using BenchmarkDotNet.Running;
using BertSharp.Benchmarks;
using BertSharp.Benchmarks.Comparison;

// Whole tasks are measured by programs of their own; everything else goes to BenchmarkDotNet (`--filter *Gemm*`).
switch (args)
{
    case ["scifact", string model, string data]:
        SciFact.Run(model, data);
        break;
    case ["search"]:
        SearchSpeed.Run(1_000_000);
        break;
    case ["search", string count]:
        SearchSpeed.Run(int.Parse(count, CultureInfo.InvariantCulture));
        break;
    case ["stream", string tool, string verb, string model, string file, string runs]:
        StreamRate.Run(tool, verb, model, file, int.Parse(runs, CultureInfo.InvariantCulture));
        break;
    case ["costs", string part, string threads, string results]:
        CostBench.Run(part, int.Parse(threads, CultureInfo.InvariantCulture), results);
        break;
    case ["step", .. string[] shape, string runs]:
        StepBench.Run(StepShape.Parse(shape), int.Parse(runs, CultureInfo.InvariantCulture));
        break;
    case ["steps", string rounds, string runs]:
        StepContest.Run(int.Parse(rounds, CultureInfo.InvariantCulture), int.Parse(runs, CultureInfo.InvariantCulture));
        break;
    case ["tokenizers", .. string[] rest]:
        TokenizerComparison.Run(rest);
        break;
    case ["compare", .. string[] options]:
        return CompareCommand.Run(options);
    case ["peer"]:
        BertSharpPeer.Serve();
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(SciFact).Assembly).Run(args);
        break;
}

return 0;
