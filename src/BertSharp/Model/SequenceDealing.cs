namespace BertSharp;

/// <summary>Deals whole sequences to threads, longest first, each to the one with the fewest tokens so far.</summary>
internal static class SequenceDealing
{
    /// <summary>A thread that runs sequences alone gets at least this many tokens.</summary>
    private const int LeastTokens = 64;

    /// <summary>
    /// Deals sequences to as many of <paramref name="shares"/> as there are threads; where a share would be too small or loads
    /// would differ by over 5 %, all go to the first, which threads then run together.
    /// </summary>
    /// <param name="window">Numbers of sequences; sorted by length on the way.</param>
    /// <param name="lengths">Room for as many numbers.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="shares">One for each thread; their content is replaced.</param>
    /// <returns>True where each thread has a share of its own.</returns>
    public static bool Deal(Span<int> window, Span<int> lengths, PackedTokens batch, ReadOnlySpan<SequenceShare> shares)
    {
        SortByLength(window, lengths, batch);
        Clear(shares);
        foreach (int sequence in window)
        {
            Lightest(shares).Add(sequence, batch.Length(sequence));
        }

        if (IsBalanced(shares))
        {
            return true;
        }

        Clear(shares);
        foreach (int sequence in window)
        {
            shares[0].Add(sequence, batch.Length(sequence));
        }

        return false;
    }

    private static void SortByLength(Span<int> window, Span<int> lengths, PackedTokens batch)
    {
        for (int i = 0; i < window.Length; i++)
        {
            lengths[i] = -batch.Length(window[i]);
        }

        lengths[..window.Length].Sort(window);
    }

    private static void Clear(ReadOnlySpan<SequenceShare> shares)
    {
        foreach (SequenceShare share in shares)
        {
            share.Clear();
        }
    }

    private static bool IsBalanced(ReadOnlySpan<SequenceShare> shares)
    {
        int most = 0, fewest = int.MaxValue;
        foreach (SequenceShare share in shares)
        {
            most = Math.Max(most, share.Tokens);
            fewest = Math.Min(fewest, share.Tokens);
        }

        return shares.Length == 1 || (fewest >= LeastTokens && (most - fewest) * 20L <= most);
    }

    private static SequenceShare Lightest(ReadOnlySpan<SequenceShare> shares)
    {
        SequenceShare lightest = shares[0];
        foreach (SequenceShare share in shares)
        {
            lightest = share.Tokens < lightest.Tokens ? share : lightest;
        }

        return lightest;
    }
}
