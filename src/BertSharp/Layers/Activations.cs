namespace BertSharp;

/// <summary>
/// The matrices that a layer works in over T packed tokens. They live in an arena; all members of a team see the same.
/// Inference has one for all layers, and several names for one matrix; training has one for each layer, and keeps each matrix
/// for the backward pass.
/// </summary>
internal sealed class Activations
{
    /// <summary>[T, H]: enters the layer.</summary>
    public Matrix Hidden { get; private set; }

    /// <summary>[T, H]: queries.</summary>
    public Matrix Query { get; set; }

    /// <summary>[T, H]: keys.</summary>
    public Matrix Key { get; set; }

    /// <summary>[T, H]: values.</summary>
    public Matrix Value { get; set; }

    /// <summary>[T, H]: what attention gives; inference writes it over the queries.</summary>
    public Matrix Context { get; set; }

    /// <summary>[T, H]: x + dense(context), before LayerNorm.</summary>
    public Matrix AttentionSum { get; private set; }

    /// <summary>[T, H]: the output of the attention sub-layer.</summary>
    public Matrix Attended { get; private set; }

    /// <summary>[T, I]: the feed-forward before its activation; inference does not keep it.</summary>
    public Matrix Up { get; private set; }

    /// <summary>[T, I]: between the two layers of the feed-forward.</summary>
    public Matrix Intermediate { get; private set; }

    /// <summary>[T, H]: x + down, before LayerNorm.</summary>
    public Matrix Sum { get; private set; }

    /// <summary>[T, H]: leaves the layer; inference writes it over what entered.</summary>
    public Matrix Output { get; private set; }

    /// <summary>[T, E]: embeddings before LayerNorm.</summary>
    public Matrix EmbeddingSum { get; private set; }

    /// <summary>[T, E]: embeddings before a projection to H; where E = H, <see cref="Hidden"/>.</summary>
    public Matrix Embedded { get; private set; }

    /// <summary>What the LayerNorms keep for their backward pass; nothing in inference.</summary>
    public RowStatistics EmbeddingStatistics { get; private set; }

    /// <summary>The same of the attention sub-layer.</summary>
    public RowStatistics AttentionStatistics { get; private set; }

    /// <summary>The same of the feed-forward.</summary>
    public RowStatistics OutputStatistics { get; private set; }

    /// <summary>One for each member of the team.</summary>
    public AttentionScratch[] Scratch { get; set; } = [];

    /// <summary>What is dropped; null in inference, and where nothing is.</summary>
    public Dropout? Dropout { get; set; }

    /// <summary>The layer's number; read where <see cref="Dropout"/> is.</summary>
    public int Layer { get; private set; }

    /// <summary>Float32 values that <see cref="Take"/> takes from the arena.</summary>
    public static long Size(int tokens, int longest, int hidden, int heads, int intermediate, int embedding, int members) => checked(
        (5 * Arena.MatrixSize(tokens, hidden)) + Arena.MatrixSize(tokens, intermediate)
        + (embedding == hidden ? 0 : Arena.MatrixSize(tokens, embedding))
        + (members * AttentionScratch.Size(longest, hidden / heads)));

    /// <summary>Takes the matrices of a pass over <paramref name="tokens"/> tokens, the longest sequence being <paramref name="longest"/>.</summary>
    public void Take(Arena arena, int tokens, int longest, int hidden, int heads, int intermediate, int embedding, int members)
    {
        Hidden = Sum = Output = arena.TakeMatrix(tokens, hidden);
        Query = Context = arena.TakeMatrix(tokens, hidden);
        Key = arena.TakeMatrix(tokens, hidden);
        Value = arena.TakeMatrix(tokens, hidden);
        AttentionSum = Attended = arena.TakeMatrix(tokens, hidden);
        Intermediate = arena.TakeMatrix(tokens, intermediate);
        Embedded = EmbeddingSum = embedding == hidden ? Hidden : arena.TakeMatrix(tokens, embedding);
        TakeScratch(arena, longest, hidden / heads, members);
    }

    /// <summary>Float32 values that <see cref="TakeKept"/> takes from the arena.</summary>
    public static long KeptSize(int tokens, int hidden, int intermediate) => checked(
        (8 * Arena.MatrixSize(tokens, hidden)) + (2 * Arena.MatrixSize(tokens, intermediate)) + (2 * RowStatistics.Size(tokens)));

    /// <summary>Takes the matrices of one layer of a training pass.</summary>
    /// <param name="arena">Where from.</param>
    /// <param name="layer">The layer's number.</param>
    /// <param name="hidden">[T, H] what enters: the output of the layer before.</param>
    /// <param name="intermediate">I.</param>
    /// <param name="scratch">One for each member of the team.</param>
    public void TakeKept(Arena arena, int layer, Matrix hidden, int intermediate, AttentionScratch[] scratch)
    {
        (int tokens, int columns) = (hidden.Rows, hidden.Columns);
        (Layer, Hidden, Scratch) = (layer, hidden, scratch);
        Query = arena.TakeMatrix(tokens, columns);
        Key = arena.TakeMatrix(tokens, columns);
        Value = arena.TakeMatrix(tokens, columns);
        Context = arena.TakeMatrix(tokens, columns);
        AttentionSum = arena.TakeMatrix(tokens, columns);
        Attended = arena.TakeMatrix(tokens, columns);
        Sum = arena.TakeMatrix(tokens, columns);
        Output = arena.TakeMatrix(tokens, columns);
        Up = arena.TakeMatrix(tokens, intermediate);
        Intermediate = arena.TakeMatrix(tokens, intermediate);
        AttentionStatistics = RowStatistics.Take(arena, tokens);
        OutputStatistics = RowStatistics.Take(arena, tokens);
    }

    /// <summary>Uses another layer's matrices for all but what enters and leaves: where activations are computed again.</summary>
    public void Borrow(Activations other, int layer, Matrix hidden, Matrix output)
    {
        (Layer, Hidden, Output, Scratch) = (layer, hidden, output, other.Scratch);
        (Query, Key, Value, Context) = (other.Query, other.Key, other.Value, other.Context);
        (AttentionSum, Attended, Sum) = (other.AttentionSum, other.Attended, other.Sum);
        (Up, Intermediate) = (other.Up, other.Intermediate);
        (AttentionStatistics, OutputStatistics) = (other.AttentionStatistics, other.OutputStatistics);
    }

    /// <summary>Float32 values that <see cref="TakeEmbeddings"/> takes from the arena.</summary>
    public static long EmbeddingSize(int tokens, int hidden, int embedding) => checked(
        Arena.MatrixSize(tokens, hidden) + ((embedding == hidden ? 1 : 2) * Arena.MatrixSize(tokens, embedding)) + RowStatistics.Size(tokens));

    /// <summary>Takes the matrices of the embeddings of a training pass.</summary>
    public void TakeEmbeddings(Arena arena, int tokens, int hidden, int embedding)
    {
        Layer = -1;
        Hidden = arena.TakeMatrix(tokens, hidden);
        EmbeddingSum = arena.TakeMatrix(tokens, embedding);
        Embedded = embedding == hidden ? Hidden : arena.TakeMatrix(tokens, embedding);
        EmbeddingStatistics = RowStatistics.Take(arena, tokens);
    }

    /// <summary>
    /// Moves the first row of each sequence to the front of <see cref="Hidden"/>, and leaves as many rows in all matrices but keys
    /// and values. For one member, between two meetings, in inference.
    /// </summary>
    /// <param name="offsets">[B + 1] rows of the sequences, none of which is empty.</param>
    public void KeepFirst(ReadOnlySpan<int> offsets)
    {
        int count = offsets.Length - 1;
        for (int i = 0; i < count; i++)
        {
            // Ascending, since no sequence begins before row i.
            Hidden.RowSpan(offsets[i]).CopyTo(Hidden.RowSpan(i));
        }

        Hidden = Sum = Output = Hidden.Slice(0, count);
        Query = Context = Query.Slice(0, count);
        AttentionSum = Attended = Attended.Slice(0, count);
        Intermediate = Intermediate.Slice(0, count);
    }

    private void TakeScratch(Arena arena, int longest, int headSize, int members)
    {
        if (Scratch.Length < members)
        {
            Scratch = new AttentionScratch[members];
        }

        for (int i = 0; i < members; i++)
        {
            Scratch[i] = AttentionScratch.Take(arena, longest, headSize);
        }
    }
}
