namespace BertSharp;

/// <summary>
/// The matrices that a pass over T packed tokens works in. They live in an arena; all members of a team see the same.
/// </summary>
internal sealed class Activations
{
    /// <summary>[T, H]: enters and leaves every layer.</summary>
    public Matrix Hidden { get; private set; }

    /// <summary>[T, H]: queries; attention writes its context over them.</summary>
    public Matrix Query { get; private set; }

    /// <summary>[T, H]: keys.</summary>
    public Matrix Key { get; private set; }

    /// <summary>[T, H]: values.</summary>
    public Matrix Value { get; private set; }

    /// <summary>[T, H]: the output of the attention sub-layer.</summary>
    public Matrix Attended { get; private set; }

    /// <summary>[T, I]: between the two layers of the feed-forward.</summary>
    public Matrix Intermediate { get; private set; }

    /// <summary>[T, E]: embeddings before a projection to H; empty where E = H.</summary>
    public Matrix Embedded { get; private set; }

    /// <summary>One for each member of the team.</summary>
    public AttentionScratch[] Scratch { get; private set; } = [];

    /// <summary>Float32 values that <see cref="Take"/> takes from the arena.</summary>
    public static long Size(int tokens, int longest, int hidden, int heads, int intermediate, int embedding, int members) => checked(
        (5 * Arena.MatrixSize(tokens, hidden)) + Arena.MatrixSize(tokens, intermediate)
        + (embedding == hidden ? 0 : Arena.MatrixSize(tokens, embedding))
        + (members * AttentionScratch.Size(longest, hidden / heads)));

    /// <summary>Takes the matrices for <paramref name="tokens"/> tokens, the longest sequence being <paramref name="longest"/>.</summary>
    public void Take(Arena arena, int tokens, int longest, int hidden, int heads, int intermediate, int embedding, int members)
    {
        Hidden = arena.TakeMatrix(tokens, hidden);
        Query = arena.TakeMatrix(tokens, hidden);
        Key = arena.TakeMatrix(tokens, hidden);
        Value = arena.TakeMatrix(tokens, hidden);
        Attended = arena.TakeMatrix(tokens, hidden);
        Intermediate = arena.TakeMatrix(tokens, intermediate);
        Embedded = embedding == hidden ? default : arena.TakeMatrix(tokens, embedding);
        if (Scratch.Length < members)
        {
            Scratch = new AttentionScratch[members];
        }

        for (int i = 0; i < members; i++)
        {
            Scratch[i] = AttentionScratch.Take(arena, longest, hidden / heads);
        }
    }

    /// <summary>
    /// Moves the first row of each sequence to the front of <see cref="Hidden"/>, and leaves as many rows in all matrices but keys
    /// and values. For one member, between two meetings.
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

        (Hidden, Query) = (Hidden.Slice(0, count), Query.Slice(0, count));
        (Attended, Intermediate) = (Attended.Slice(0, count), Intermediate.Slice(0, count));
    }
}
