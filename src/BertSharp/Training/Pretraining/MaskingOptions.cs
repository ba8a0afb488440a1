namespace BertSharp;

/// <summary>How tokens of an example are masked (Devlin et al. 2018, §3.1); a share may differ from step to step.</summary>
internal sealed record MaskingOptions
{
    /// <summary>The share of tokens (of words, where these are masked whole) that is predicted; special tokens never are.</summary>
    public double Share { get; init; } = 0.15;

    /// <summary>Of these, the share that becomes [MASK].</summary>
    public double MaskShare { get; init; } = 0.8;

    /// <summary>Of these, the share that becomes a random token; the rest stays as it is.</summary>
    public double RandomShare { get; init; } = 0.1;

    /// <summary>Whether all pieces of a word are predicted together, and treated alike.</summary>
    public bool WholeWord { get; init; }

    /// <summary>Most predicted tokens of an example; null: no limit.</summary>
    public int? MaxPredictions { get; init; }

    /// <summary>
    /// Null: masks are drawn anew each time that an example comes (dynamic). Otherwise it has so many fixed masks, which its
    /// passes go through, as Google's <c>dupe_factor</c> writes them out.
    /// </summary>
    public int? Duplicates { get; init; }

    /// <summary>Refuses shares that are none.</summary>
    /// <exception cref="ArgumentException">A share lies outside of 0 … 1, or a number is not positive.</exception>
    public void Check()
    {
        if (Share is not (>= 0 and <= 1) || MaskShare is not (>= 0 and <= 1) || RandomShare is not (>= 0 and <= 1) || MaskShare + RandomShare > 1 + 1e-9)
        {
            throw new ArgumentException($"Expected shares from 0 to 1, those of [MASK] and of random tokens at most 1 together; found {Share}, {MaskShare} and {RandomShare}.");
        }

        if (MaxPredictions < 1 || Duplicates < 1)
        {
            throw new ArgumentException($"Expected at least one prediction and one mask of an example; found {MaxPredictions} and {Duplicates}.");
        }
    }
}
