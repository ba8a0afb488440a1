namespace BertSharp;

/// <summary>
/// Guesses the words behind masks (Devlin et al. 2018, section 3.1, task 1): a masked language model of any family, with the
/// scores of transformers' fill-mask pipeline. Thread-safe; the same text gives the same bits in any batch.
/// </summary>
public sealed class MaskFiller : ModelTask<BertForMaskedLM>
{
    private MaskFiller(BertTokenizer tokenizer, BertForMaskedLM model)
        : base(MaskTokens.Require(tokenizer), model)
    {
    }

    /// <summary>Loads a masked language model of any family.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged, or the model has no such head.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged, or its vocabulary has no mask token.</exception>
    public static MaskFiller Load(string path, WeightFormat? weights = null) =>
        Load(path, weights, BertForMaskedLM.Load, static (tokenizer, model) => new MaskFiller(tokenizer, model));

    /// <summary>Guesses the one mask of a text.</summary>
    /// <param name="text">A text such as "The capital of France is [MASK]."</param>
    /// <param name="topK">The number of guesses.</param>
    /// <returns>The guesses, the best first.</returns>
    /// <exception cref="ArgumentException">The text has no mask, or several, or it is cut before one, or <paramref name="topK"/> is below 1.</exception>
    public IReadOnlyList<Guess> Fill(string text, int topK = 5)
    {
        FilledText filled = Fill([text], new FillOptions { TopK = topK })[0];
        return filled.Masks.Count == 1
            ? filled.Guesses
            : throw new ArgumentException($"The text has {filled.Masks.Count} masks ({Tokenizer.Options.MaskToken}), expected one; Fill([text]) gives guesses for each.");
    }

    /// <summary>Guesses every mask of many texts, packed and sorted by length inside, on all cores.</summary>
    /// <param name="texts">Texts with one mask or more.</param>
    /// <param name="options">How many guesses, among which words.</param>
    /// <param name="progress">Receives the number of texts done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <returns>The guesses of each text.</returns>
    /// <exception cref="ArgumentException">A text has no mask or is cut before one, TopK is below 1, or no target is left.</exception>
    public IReadOnlyList<FilledText> Fill(IReadOnlyList<string> texts, FillOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Fill(Encode(texts), options, progress, cancellation);

    /// <summary>The tokens that <c>Fill</c> reads; says which texts were cut.</summary>
    /// <exception cref="ArgumentException">A text has no mask or is cut before one.</exception>
    public TokenBatch Encode(IReadOnlyList<string> texts)
    {
        TokenBatch batch = Tokenizer.Encode(texts, new EncodeOptions { MaxLength = MaxTokens });
        int[][] masks = MaskTokens.Of(batch, Tokenizer.MaskId);
        for (int i = 0; i < batch.Count; i++)
        {
            RequireNone(ProblemOf(texts[i], masks[i].Length, batch.Truncated(i)), i, batch.Count);
        }

        return batch;
    }

    /// <summary>What is wrong with a text: it has no mask, or is cut before one; null: nothing.</summary>
    public string? ProblemOf(string text)
    {
        TokenBatch batch = Tokenizer.Encode(text, new EncodeOptions { MaxLength = MaxTokens });
        return ProblemOf(text, MaskTokens.Of(batch, Tokenizer.MaskId)[0].Length, batch.Truncated(0));
    }

    /// <summary>Guesses the masks of texts that <see cref="Encode"/> has read.</summary>
    /// <exception cref="ArgumentException">A sequence has no mask or does not fit the model, TopK is below 1, or no target is left.</exception>
    public IReadOnlyList<FilledText> Fill(TokenBatch batch, FillOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= FillOptions.Default;
        int topK = LogitScores.TopK(options.TopK);
        int[]? targets = options.Targets is { } words ? TargetIds(words) : null;
        int[][] masks = MaskTokens.Of(batch, Tokenizer.MaskId);
        int without = Array.FindIndex(masks, positions => positions.Length == 0);
        RequireNone(without >= 0 ? NoMask : null, without, batch.Count);
        FilledText[] filled = new FilledText[batch.Count];
        using HeadOutput output = new();
        int done = 0;
        foreach (int[] block in SequenceBlocks.Of(batch.Count, i => batch.Length(i) + (SequenceBlocks.VocabularyRow * masks[i].Length)))
        {
            TokenBatch part = batch.Select(block);
            int[] positions = [.. block.SelectMany((i, at) => masks[i].Select(mask => part.SequenceOffsets[at] + mask))];
            Model.Forward(part, positions, output, cancellation: cancellation);
            Softmax.Forward(output.Rows.Matrix);
            int row = 0;
            foreach (int i in block)
            {
                int[] ids = batch.InputIds[batch.SequenceOffsets[i]..batch.SequenceOffsets[i + 1]].ToArray();
                filled[i] = new FilledText([.. masks[i].Select(mask => Guesses(output.Logits.Row(row++), topK, targets, ids, mask, masks[i].Length == 1))]);
            }

            progress?.Report(done += block.Length);
        }

        return filled;
    }

    /// <summary>
    /// The id that stands for a target: of the word itself where the vocabulary has it, else of its first piece
    /// (compare with <see cref="BertTokenizer.TokenOf"/> to tell); null where it has none.
    /// </summary>
    public int? TargetId(string word)
    {
        if (Tokenizer.IdOf(word) is { } id)
        {
            return id;
        }

        TokenBatch pieces = Tokenizer.Encode(word, new EncodeOptions { AddSpecialTokens = false });
        return pieces.TokenCount > 0 ? pieces.InputIds[0] : null;
    }

    private string NoMask => $"there is no mask; write {Tokenizer.Options.MaskToken} where a word is to be guessed";

    private int[] TargetIds(IReadOnlyList<string> words)
    {
        int[] ids = [.. words.Select(TargetId).OfType<int>().Distinct().Order()];
        int beyond = Array.FindIndex(ids, id => id >= Config.VocabSize);
        return ids.Length == 0 ? throw new ArgumentException("Targets has no word with a token; give at least one.", nameof(words))
            : beyond >= 0 ? throw new ArgumentException($"The target '{Tokenizer.TokenOf(ids[beyond])}' has the id {ids[beyond]}; the model has {Config.VocabSize}. Is the tokenizer that of the model?", nameof(words))
            : ids;
    }

    private Guess[] Guesses(ReadOnlySpan<float> scores, int topK, int[]? targets, int[] ids, int mask, bool single)
    {
        int[] best = LogitScores.Highest(scores, topK, targets);
        Guess[] guesses = new Guess[best.Length];
        for (int i = 0; i < guesses.Length; i++)
        {
            ids[mask] = best[i];
            string token = best[i] < Tokenizer.VocabSize ? Tokenizer.TokenOf(best[i]) : "";
            guesses[i] = new Guess(token, best[i], scores[best[i]], Tokenizer.Decode([.. ids.Where(id => id != Tokenizer.PadId)], skipSpecialTokens: single));
        }

        ids[mask] = Tokenizer.MaskId;
        return guesses;
    }

    private string? ProblemOf(string text, int read, bool truncated)
    {
        int all = truncated ? MaskTokens.Of(Tokenizer.Encode(text), Tokenizer.MaskId)[0].Length : read;
        return all == 0 ? NoMask
            : read < all ? $"of {all} masks ({Tokenizer.Options.MaskToken}) {read} are within the {MaxTokens} tokens that the model reads; shorten the text before the mask"
            : null;
    }

    private static void RequireNone(string? problem, int text, int count)
    {
        if (problem is not null)
        {
            throw new ArgumentException($"{(count == 1 ? "The text" : $"Text {text}")}: {problem}.");
        }
    }
}
