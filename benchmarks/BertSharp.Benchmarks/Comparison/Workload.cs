namespace BertSharp.Benchmarks.Comparison;

/// <summary>One row of a table: the same sequences for everybody.</summary>
/// <param name="Id">For <c>--rows</c>, such as base-8x128-2t.</param>
/// <param name="Table">The file of results that it belongs to.</param>
/// <param name="Title">As the table has it.</param>
/// <param name="Model">What computes.</param>
/// <param name="Threads">On how many threads.</param>
/// <param name="Sequences">Token ids.</param>
internal sealed record Workload(string Id, string Table, string Title, ModelFiles Model, int Threads, int[][] Sequences)
{
    public const string Uniform = "float32-uniform", RealLengths = "float32-real-lengths";

    private const int PeerBatch = 32;
    private const int SampleSize = 64;

    public int Tokens => Sequences.Sum(ids => ids.Length);

    /// <summary>Useful work: that of the real tokens alone, whatever a peer computes of padding.</summary>
    public double Gflop => Sequences.Sum(ids => (double)ModelCost.Of(Model.Config, 0, ids.Length).FlopPerSequence) / 1e9;

    /// <summary>Float32 bytes of the encoder's matrices: what a pass must read at least.</summary>
    public double WeightBytes
    {
        get
        {
            BertConfig config = Model.Config;
            return 4.0 * config.NumHiddenLayers * ((4.0 * config.HiddenSize * config.HiddenSize) + (2.0 * config.HiddenSize * config.IntermediateSize));
        }
    }

    /// <summary>The first sequences, for warming up and to compare outputs.</summary>
    public Workload Sample => this with { Sequences = Sequences[..Math.Min(Sequences.Length, SampleSize)] };

    /// <summary>How a peer may cut the sequences into batches: one of all where there is nothing to pad.</summary>
    public IEnumerable<(string Plan, int[][] Batches)> Plans(Peer peer)
    {
        int[] all = [.. Enumerable.Range(0, Sequences.Length)];
        return Table == Uniform || peer.Packs
            ? [("", [all])]
            : [("as they come", [.. all.Chunk(PeerBatch)]), ("sorted", [.. all.OrderBy(i => Sequences[i].Length).Chunk(PeerBatch)])];
    }
}
