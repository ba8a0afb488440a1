using System.Globalization;

namespace BertSharp.Benchmarks;

/// <summary>
/// Says where a pass loses against the FMA peak, from an <see cref="OperationClock"/>: each operation's time beyond
/// what its products would take at the peak, in points of the pass, so that the points add up to what is missing.
/// </summary>
internal static class CostReason
{
    private const double LeastPoints = 1;
    private const int FullTile = 12;
    private const int PanelColumns = 32;

    /// <param name="shape">The sizes.</param>
    /// <param name="clock">The clock of some passes.</param>
    /// <param name="milliseconds">The median pass without the clock.</param>
    /// <param name="peak">GFLOP/s of the FMA peak.</param>
    /// <param name="memory">GB/s of reading memory.</param>
    /// <param name="threads">Threads of the pass.</param>
    public static string Of(CostShape shape, OperationClock clock, double milliseconds, double peak, double memory, int threads)
    {
        double weights = Weights(shape) / 1e6, fromMemory = weights / memory;
        string text = fromMemory > milliseconds / 4
            ? Say($"weights once from memory: {weights:F0} MB at {memory:F0} GB/s is {fromMemory:F1} ms of {milliseconds:F1}; ")
            : "";
        return text + Tails(shape, threads) + string.Join(", ", Losses(shape, clock, peak)
            .Where(loss => loss.Points >= LeastPoints)
            .OrderByDescending(loss => loss.Points)
            .Select(loss => Say($"{loss.Name} {loss.Points:F1} %")));
    }

    /// <summary>Bytes of the layers' matrices.</summary>
    private static double Weights(CostShape shape) => 4.0 * shape.Layers * 12 * shape.Hidden * shape.Hidden;

    // Tiles are near-equal, so few rows make small ones, which load a panel for less work; columns beyond the last whole
    // panel are computed and thrown away.
    private static string Tails(CostShape shape, int threads)
    {
        int rows = shape.Sequences * shape.Tokens / (shape.Sequences % threads == 0 ? threads : 1);
        double tile = (double)rows / ((rows + FullTile - 1) / FullTile);
        string text = tile < FullTile - 2 ? Say($"tiles of {tile:F0} rows of {FullTile}; ") : "";
        int head = shape.Hidden / shape.ToConfig().NumAttentionHeads;
        return shape.Hidden % PanelColumns == 0
            ? text
            : text + Say($"panels of {PanelColumns}: {Padded(shape.Hidden)} columns for {shape.Hidden}, {Padded(head)} for a head of {head}; ");
    }

    private static int Padded(int columns) => (columns + PanelColumns - 1) / PanelColumns * PanelColumns;

    private static IEnumerable<(string Name, double Points)> Losses(CostShape shape, OperationClock clock, double peak)
    {
        double pass = clock.ThreadTime.TotalMilliseconds / clock.Passes, rest = pass, threads = clock.ThreadTime / clock.Elapsed;
        double products = 2.0 * shape.Sequences * shape.Tokens * shape.Layers / (peak / threads) / 1e6;
        double hidden = shape.Hidden, square = hidden * hidden;
        foreach ((string name, double depth, Operation[] operations) in new (string, double, Operation[])[]
        {
            ("feed-forward's first product with its GELU", 4 * square, [Operation.FeedForwardUp]),
            ("the other dense products", 8 * square, [Operation.QueryKeyValue, Operation.AttentionOutput, Operation.FeedForwardDown]),
            ("attention's products", 2 * hidden * shape.Tokens, [Operation.AttentionScores, Operation.AttentionContext]),
            ("attention's packing", 0, [Operation.AttentionPacking]),
            ("softmax", 0, [Operation.AttentionSoftmax]),
            ("LayerNorm", 0, [Operation.EmbeddingLayerNorm, Operation.AttentionLayerNorm, Operation.FeedForwardLayerNorm]),
            ("embeddings, output and pooler", 0, [Operation.EmbeddingLookup, Operation.Output, Operation.Pooler]),
            ("waiting", 0, [Operation.Waiting]),
        })
        {
            double time = operations.Sum(operation => clock[operation].Time.TotalMilliseconds) / clock.Passes;
            rest -= time;
            yield return (name, 100 * (time - (products * depth)) / pass);
        }

        yield return ("dealing and waking", 100 * rest / pass);
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
