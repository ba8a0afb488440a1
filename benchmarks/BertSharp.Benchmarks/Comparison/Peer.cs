using System.Runtime.Intrinsics.X86;

namespace BertSharp.Benchmarks.Comparison;

/// <summary>A program that computes the same encoder, in one of its settings; the best setting of each row counts.</summary>
/// <param name="Name">Of its column.</param>
/// <param name="Variant">The setting.</param>
/// <param name="Program">What is started,</param>
/// <param name="Arguments">and with what.</param>
/// <param name="Absent">Why it cannot be measured here; null where it can.</param>
internal sealed record Peer(string Name, string Variant, string Program, string[] Arguments, string? Absent = null)
{
    public const string Own = "BertSharp";

    /// <summary>Whether it takes sequences end to end, without padding.</summary>
    public bool Packs => Name == Own;

    /// <summary>All of them. <paramref name="scripts"/> is the folder <c>peers</c>, <paramref name="modules"/> npm's <c>node_modules</c>.</summary>
    public static Peer[] All(string scripts, string modules)
    {
        string? ort = Directory.Exists(Path.Combine(modules, "onnxruntime-node")) ? null : $"onnxruntime-node is not in {modules}";
        string? torch = Directory.Exists("/usr/lib/python3/dist-packages/torch") ? null : "python3-torch is not installed";
        string[] node = [Path.Combine(scripts, "onnxruntime.js"), modules], python = [Path.Combine(scripts, "pytorch.py")];
        return
        [
            new Peer(Own, ".NET", System.Environment.ProcessPath!, ["peer"]),
            new Peer("ONNX Runtime", "spinning", "node", node, ort),
            new Peer("ONNX Runtime", "no spinning", "node", node, ort),
            new Peer("PyTorch", "OpenBLAS", "/usr/bin/python3", python, torch),
            new Peer("OpenVINO", "", "", [], "no package of it carries its binaries: openvino-node downloads them when it is installed"),
        ];
    }

    public Dictionary<string, string> Environment(int threads)
    {
        string number = $"{threads}";
        Dictionary<string, string> environment = new()
        {
            ["BERTSHARP_THREADS"] = number,
            ["PEER_VARIANT"] = Variant,
            ["OMP_NUM_THREADS"] = number,

            // A tensor's pages are kept for the next one.
            ["MALLOC_MMAP_THRESHOLD_"] = "4294967296",
            ["MALLOC_TRIM_THRESHOLD_"] = "8589934592",
        };

        // Debian's OpenBLAS takes its 256-bit kernels on AMD's processors; those for Skylake-X are faster where they run.
        if (Avx512F.IsSupported)
        {
            environment["OPENBLAS_CORETYPE"] = "SkylakeX";
        }

        return environment;
    }
}
