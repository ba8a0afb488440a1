namespace BertSharp;

/// <summary>
/// The memory of one call that embeds texts, pooled so that a warm call allocates nothing: tokens end to end, an order by
/// length, and blocks of sequences that go through the model together.
/// </summary>
internal sealed class EmbeddingPass
{
    /// <summary>Passes that wait for their next call.</summary>
    public static readonly Pool<EmbeddingPass> Idle = new();

    private readonly PackedBuffer _texts = new();
    private readonly PackedBuffer _block = new();
    private readonly BertOutput _output = new();
    private char[] _characters = [];
    private int[] _lengths = [];
    private int[] _order = [];
    private float[] _scratch = [];

    /// <summary>Reads texts, each behind the prompt, cut at <paramref name="maxTokens"/>.</summary>
    public PackedTokens Tokenize(BertTokenizer tokenizer, IReadOnlyList<string> texts, string prompt, bool lowerCase, int maxTokens)
    {
        _texts.Clear();
        for (int i = 0; i < texts.Count; i++)
        {
            string text = lowerCase ? texts[i].ToLowerInvariant() : texts[i];
            Span<int> ids = _texts.Reserve(maxTokens);
            _texts.Append(tokenizer.Encode(Prompted(prompt, text), ids));
        }

        return _texts.Tokens;
    }

    /// <summary>Embeds every sequence into its row of <paramref name="vectors"/> [B, dimension].</summary>
    public void Run(BertModel model, PackedTokens tokens, EmbeddingModules modules, EmbeddingSettings settings, Span<float> vectors, IProgress<int>? progress, CancellationToken cancellation)
    {
        int count = tokens.Count;
        if (vectors.Length != (long)count * settings.Dimension)
        {
            throw new ArgumentException($"{count} vectors of {settings.Dimension} values do not fill {vectors.Length}.", nameof(vectors));
        }

        Sort(tokens);
        for (int done = 0; done < count;)
        {
            int first = done;
            _block.Clear();
            for (; done < count && (done == first || _block.Count + tokens.Length(_order[done]) <= SequenceBlocks.Tokens); done++)
            {
                _block.Append(tokens, _order[done]);
            }

            model.Forward(_block.Tokens, _output, modules.ReadsFirstTokensOnly ? ForwardOptions.FirstTokens : ForwardOptions.Default, cancellation);
            for (int i = first; i < done; i++)
            {
                Finish(i - first, modules, settings, vectors.Slice(_order[i] * settings.Dimension, settings.Dimension));
            }

            progress?.Report(done);
        }
    }

    private ReadOnlySpan<char> Prompted(string prompt, string text)
    {
        if (prompt.Length == 0)
        {
            return text;
        }

        int length = prompt.Length + text.Length;
        if (length > _characters.Length)
        {
            _characters = new char[length];
        }

        prompt.CopyTo(_characters);
        text.CopyTo(_characters.AsSpan(prompt.Length));
        return _characters.AsSpan(0, length);
    }

    /// <summary>Longest first, so that a block's sequences are of about one length and its threads end together.</summary>
    private void Sort(PackedTokens tokens)
    {
        if (tokens.Count > _order.Length)
        {
            _lengths = new int[tokens.Count];
            _order = new int[tokens.Count];
        }

        for (int i = 0; i < tokens.Count; i++)
        {
            _lengths[i] = -tokens.Length(i);
            _order[i] = i;
        }

        _lengths.AsSpan(0, tokens.Count).Sort(_order.AsSpan(0, tokens.Count));
    }

    private void Finish(int sequence, EmbeddingModules modules, EmbeddingSettings settings, Span<float> vector)
    {
        if (_scratch.Length < modules.ScratchLength)
        {
            _scratch = new float[modules.ScratchLength];
        }

        Span<float> full = modules.Forward(_output.SequenceRows(sequence), settings.PromptTokens, _scratch);
        if (settings.Normalize && !settings.NormalizeLast)
        {
            Similarity.Normalize(full);
        }

        full[..vector.Length].CopyTo(vector);
        if (settings.NormalizeLast)
        {
            Similarity.Normalize(vector);
        }
    }
}
