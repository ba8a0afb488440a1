namespace BertSharp.Benchmarks.Comparison;

/// <summary>The rows of both tables, models in turn, so that a process is started once for each model and number of threads.</summary>
internal static class Workloads
{
    public static IEnumerable<Workload> All(ComparisonPaths paths)
    {
        ModelFiles bertBase = ModelFiles.BertBase(paths), miniLm = ModelFiles.MiniLm(paths);
        int[][] texts = RealTexts.Encode(paths);
        (int, int)[] shapes = [(1, 16), (1, 128), (8, 128), (32, 128), (4, 512)];
        return
        [
            .. shapes.Select(shape => Uniform("base", bertBase, shape, 1)),
            .. shapes.Select(shape => Uniform("base", bertBase, shape, 2)),
            Real("base", bertBase, texts),
            .. new[] { (1, 16), (8, 128), (32, 128) }.Select(shape => Uniform("minilm", miniLm, shape, 2)),
            Real("minilm", miniLm, texts),
        ];
    }

    // Random ids of a fixed seed: the time does not depend on them, but their rows lie apart as those of a text do.
    private static Workload Uniform(string id, ModelFiles model, (int Sequences, int Tokens) shape, int threads)
    {
        Random random = new(42);
        int[][] sequences = [.. Enumerable.Range(0, shape.Sequences).Select(_ => Enumerable.Range(0, shape.Tokens).Select(_ => random.Next(model.Config.VocabSize)).ToArray())];
        return new Workload($"{id}-{shape.Sequences}x{shape.Tokens}-{threads}t", Workload.Uniform, $"{model.Name} {shape.Sequences} × {shape.Tokens}, {Threads(threads)}", model, threads, sequences);
    }

    private static Workload Real(string id, ModelFiles model, int[][] texts) =>
        new($"{id}-real-2t", Workload.RealLengths, $"{model.Name}, {texts.Length} texts, {Threads(2)}", model, 2, texts);

    private static string Threads(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";
}
