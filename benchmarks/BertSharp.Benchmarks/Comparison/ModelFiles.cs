using System.Diagnostics;

namespace BertSharp.Benchmarks.Comparison;

/// <summary>One model for all peers: a folder in Hugging Face's layout and the same weights as an ONNX graph, made once and kept.</summary>
/// <param name="Name">As the tables have it.</param>
/// <param name="Folder">Config and safetensors.</param>
/// <param name="Onnx">What <c>bert convert --to onnx</c> wrote.</param>
/// <param name="Tolerance">How far a hidden state may be from BertSharp's, as a share of the largest value.</param>
internal sealed record ModelFiles(string Name, string Folder, string Onnx, double Tolerance)
{
    private const ulong Seed = 42;

    public BertConfig Config { get; } = BertConfig.Load(Folder);

    /// <summary>BERT-Base with random weights; the hidden states of a LayerNorm with γ = 1 are of the order of 1.</summary>
    public static ModelFiles BertBase(ComparisonPaths paths)
    {
        string folder = Path.Combine(paths.Work, "bert-base");
        if (!Directory.Exists(folder))
        {
            using BertModel model = BertModel.Create(new BertConfig(), Seed);
            model.Save(folder);
        }

        return WithGraph("BERT-Base", folder, paths, tolerance: 1e-4);
    }

    /// <summary>all-MiniLM-L6-v2 with its real weights.</summary>
    public static ModelFiles MiniLm(ComparisonPaths paths) =>
        WithGraph("MiniLM-L6", Path.Combine(paths.Shared, "models", "real", "all-MiniLM-L6-v2"), paths, tolerance: 1e-4);

    private static ModelFiles WithGraph(string name, string folder, ComparisonPaths paths, double tolerance)
    {
        string onnx = Path.Combine(paths.Work, name + ".onnx");
        if (!File.Exists(onnx))
        {
            using Process convert = Process.Start(paths.Tool, ["convert", folder, "--to", "onnx", "--output", onnx]);
            convert.WaitForExit();
            if (convert.ExitCode != 0)
            {
                throw new InvalidOperationException($"bert convert {folder} ended with {convert.ExitCode}.");
            }
        }

        return new ModelFiles(name, folder, onnx, tolerance);
    }
}
