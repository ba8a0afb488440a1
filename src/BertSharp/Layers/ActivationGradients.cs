namespace BertSharp;

/// <summary>
/// The matrices that a backward pass over T packed tokens works in: one set for all layers, since each needs only what the layer
/// above it left.
/// </summary>
internal sealed class ActivationGradients
{
    /// <summary>[T, H]: the gradient of what leaves the layer, then of what enters it.</summary>
    public Matrix Hidden { get; private set; }

    /// <summary>[T, H]: the gradient of a sub-layer's output before the residual, where dropout made it another than <see cref="Hidden"/>.</summary>
    public Matrix Branch { get; private set; }

    /// <summary>[T, H]: the gradient of the context, then of the queries.</summary>
    public Matrix Query { get; private set; }

    /// <summary>[T, H]: the gradient of the keys; <see cref="Branch"/> before.</summary>
    public Matrix Key { get; private set; }

    /// <summary>[T, H]: the gradient of the values.</summary>
    public Matrix Value { get; private set; }

    /// <summary>[T, I]: the gradient of the feed-forward between its two layers.</summary>
    public Matrix Intermediate { get; private set; }

    /// <summary>[T, E]: the gradient of the embeddings; <see cref="Hidden"/> where E = H.</summary>
    public Matrix Embedded { get; private set; }

    /// <summary>Room for the largest weight, transposed.</summary>
    public nint Transposed { get; private set; }

    /// <summary>One for each member of the team.</summary>
    public AttentionGradientScratch[] Scratch { get; private set; } = [];

    /// <summary>Gradients of looked-up word embeddings where the decoder is tied to the table; null: they go into the table's own.</summary>
    public RowGradients? Words { get; set; }

    /// <summary>Float32 values that <see cref="Take"/> takes from the arena.</summary>
    public static long Size(int tokens, int longest, int hidden, int heads, int intermediate, int embedding, int members) => checked(
        (4 * Arena.MatrixSize(tokens, hidden)) + Arena.MatrixSize(tokens, intermediate)
        + (embedding == hidden ? 0 : Arena.MatrixSize(tokens, embedding))
        + TransposedSize(hidden, intermediate, embedding)
        + (members * AttentionGradientScratch.Size(longest, hidden / heads)));

    /// <summary>Takes the matrices for <paramref name="tokens"/> tokens, the longest sequence being <paramref name="longest"/>.</summary>
    public unsafe void Take(Arena arena, int tokens, int longest, int hidden, int heads, int intermediate, int embedding, int members)
    {
        Hidden = arena.TakeMatrix(tokens, hidden);
        Query = arena.TakeMatrix(tokens, hidden);
        Key = Branch = arena.TakeMatrix(tokens, hidden);
        Value = arena.TakeMatrix(tokens, hidden);
        Intermediate = arena.TakeMatrix(tokens, intermediate);
        Embedded = embedding == hidden ? Hidden : arena.TakeMatrix(tokens, embedding);
        Transposed = (nint)arena.Take(TransposedSize(hidden, intermediate, embedding));
        if (Scratch.Length < members)
        {
            Scratch = new AttentionGradientScratch[members];
        }

        for (int i = 0; i < members; i++)
        {
            Scratch[i] = AttentionGradientScratch.Take(arena, longest, hidden / heads);
        }
    }

    /// <summary>
    /// The gradient of a sub-layer's output before dropout: <see cref="Hidden"/> itself where nothing is dropped.
    /// </summary>
    public Matrix BeforeDropout(Dropout? dropout, DropoutSite site, int layer, Team team)
    {
        if (dropout is null || dropout.Probabilities.Of(site) == 0)
        {
            return Hidden;
        }

        dropout.Apply(site, layer, Hidden, Branch, team);
        team.Meet();
        return Branch;
    }

    private static long TransposedSize(int hidden, int intermediate, int embedding) =>
        Math.Max(Panels.Size(hidden, hidden), Math.Max(Math.Max(Panels.Size(hidden, intermediate), Panels.Size(intermediate, hidden)), Panels.Size(hidden, embedding)));
}
