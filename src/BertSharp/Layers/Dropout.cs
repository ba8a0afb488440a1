namespace BertSharp;

/// <summary>
/// The dropout of one micro-batch (Srivastava et al. 2014; the sites of Devlin et al. 2018 as Hugging Face has them). A mask is
/// a function of the seed, the step, the layer, the site, the sequence's number in the whole step, the token and the channel
/// (attention: head, query, key), so it is made again in the backward pass, and batch split, packing and threads do not
/// change it.
/// </summary>
internal sealed class Dropout
{
    private readonly ulong[] _tokenKeys;

    /// <summary>The dropout of packed sequences.</summary>
    /// <param name="key">Made of seed and step.</param>
    /// <param name="offsets">[B + 1] rows of the sequences.</param>
    /// <param name="firstSequence">The first one's number in the whole step.</param>
    /// <param name="probabilities">How much is dropped.</param>
    public Dropout(ulong key, ReadOnlySpan<int> offsets, int firstSequence, DropoutProbabilities probabilities)
    {
        Probabilities = probabilities;
        _tokenKeys = new ulong[offsets[^1]];
        for (int i = 0; i + 1 < offsets.Length; i++)
        {
            ulong sequence = SplitMix64.Derive(key, (ulong)(firstSequence + i));
            for (int row = offsets[i]; row < offsets[i + 1]; row++)
            {
                _tokenKeys[row] = SplitMix64.Derive(sequence, (ulong)(row - offsets[i]));
            }
        }
    }

    private Dropout(ulong[] tokenKeys, DropoutProbabilities probabilities) => (_tokenKeys, Probabilities) = (tokenKeys, probabilities);

    /// <summary>How much is dropped.</summary>
    public DropoutProbabilities Probabilities { get; }

    /// <summary>The dropout of some tokens' rows, gathered for a head.</summary>
    public Dropout ForRows(ReadOnlySpan<int> rows)
    {
        ulong[] keys = new ulong[rows.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = _tokenKeys[rows[i]];
        }

        return new Dropout(keys, Probabilities);
    }

    /// <summary>The key of a row's mask.</summary>
    /// <param name="site">The site.</param>
    /// <param name="layer">The layer, or −1.</param>
    /// <param name="row">The token's row.</param>
    /// <param name="head">The attention head.</param>
    public ulong Key(DropoutSite site, int layer, int row, int head = 0) =>
        SplitMix64.Derive(_tokenKeys[row], ((((ulong)(uint)(layer + 1) << 8) + (ulong)site) << 16) + (ulong)(uint)head);

    /// <summary>x ← mask∘x for a share of the rows: the forward pass in place, or the backward pass.</summary>
    public void Apply(DropoutSite site, int layer, Matrix x, Team team) => Run(site, layer, x, default, x, team);

    /// <summary>y ← mask∘x for a share of the rows.</summary>
    public void Apply(DropoutSite site, int layer, Matrix x, Matrix y, Team team) => Run(site, layer, x, default, y, team);

    /// <summary>x ← mask∘x + residual for a share of the rows, one rounding.</summary>
    public void AddResidual(DropoutSite site, int layer, Matrix x, Matrix residual, Team team) => Run(site, layer, x, residual, x, team);

    private void Run(DropoutSite site, int layer, Matrix x, Matrix residual, Matrix y, Team team)
    {
        float[] mask = System.Buffers.ArrayPool<float>.Shared.Rent(x.Columns);
        float probability = Probabilities.Of(site);
        (int first, int count) = team.Share(x.Rows);
        for (int row = first; row < first + count; row++)
        {
            Span<float> factors = mask.AsSpan(0, x.Columns);
            DropoutMask.Fill(Key(site, layer, row), probability, factors);
            if (residual.Data == 0)
            {
                Arithmetic.Multiply(x.RowSpan(row), factors, y.RowSpan(row));
            }
            else
            {
                Arithmetic.MultiplyAdd(x.RowSpan(row), factors, residual.RowSpan(row), y.RowSpan(row));
            }
        }

        System.Buffers.ArrayPool<float>.Shared.Return(mask);
    }
}
