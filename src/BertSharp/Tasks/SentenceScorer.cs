namespace BertSharp;

/// <summary>
/// Scores texts by a masked language model: each word is masked in turn, and its tokens' log-probabilities are added up
/// (Salazar et al. 2020, which masks token by token; here all pieces of a word are masked together, so that none gives the
/// others away). Thread-safe; the same text gives the same bits in any batch.
/// </summary>
public sealed class SentenceScorer : ModelTask<BertForMaskedLM>
{
    private SentenceScorer(BertTokenizer tokenizer, BertForMaskedLM model)
        : base(MaskTokens.Require(tokenizer), model)
    {
    }

    /// <summary>Loads a masked language model of any family.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged, or the model has no such head.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged, or its vocabulary has no mask token.</exception>
    public static SentenceScorer Load(string path, WeightFormat? weights = null) =>
        Load(path, weights, BertForMaskedLM.Load, static (tokenizer, model) => new SentenceScorer(tokenizer, model));

    /// <summary>Scores one text.</summary>
    public SentenceScore Score(string text) => Score([text])[0];

    /// <summary>Scores many texts; the copies with a masked word are packed and sorted by length inside, on all cores.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="progress">Receives the number of words done, over all texts.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <returns>One score a text.</returns>
    public IReadOnlyList<SentenceScore> Score(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Score(Encode(texts), progress, cancellation);

    /// <summary>The tokens that <c>Score</c> reads; says which texts were cut.</summary>
    public TokenBatch Encode(IReadOnlyList<string> texts) => Tokenizer.Encode(texts, new EncodeOptions { MaxLength = MaxTokens, Offsets = true });

    /// <summary>Scores texts that <see cref="Encode"/> has read.</summary>
    /// <exception cref="ArgumentException">The batch does not fit the model.</exception>
    /// <exception cref="InvalidOperationException">The batch has no word ids.</exception>
    public IReadOnlyList<SentenceScore> Score(TokenBatch batch, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        Word[] words = [.. Enumerable.Range(0, batch.Count).SelectMany(i => WordsOf(batch, i))];
        WordScore[] scores = new WordScore[words.Length];
        using HeadOutput output = new();
        int done = 0;
        foreach (int[] block in SequenceBlocks.Of(words.Length, i => batch.Length(words[i].Sequence) + (SequenceBlocks.VocabularyRow * words[i].Length)))
        {
            WordScore[] found = ScoreBlock(batch, [.. block.Select(i => words[i])], output, cancellation);
            for (int i = 0; i < block.Length; i++)
            {
                scores[block[i]] = found[i];
            }

            progress?.Report(done += block.Length);
        }

        ILookup<int, WordScore> ofSequence = words.Zip(scores).ToLookup(pair => pair.First.Sequence, pair => pair.Second);
        return [.. Enumerable.Range(0, batch.Count).Select(i => new SentenceScore([.. ofSequence[i]]))];
    }

    /// <summary>Runs copies of the words' sentences, each with its word masked.</summary>
    private WordScore[] ScoreBlock(TokenBatch batch, Word[] words, HeadOutput output, CancellationToken cancellation)
    {
        TokenBatch copies = batch.Select([.. words.Select(word => word.Sequence)]);
        int[] positions = [.. words.SelectMany((word, copy) => Enumerable.Range(copies.SequenceOffsets[copy] + word.Start, word.Length))];
        int[] ids = copies.InputIds.ToArray();
        foreach (int position in positions)
        {
            ids[position] = Tokenizer.MaskId;
        }

        Model.Forward(new TokenBatch(ids, copies.TokenTypeIds.ToArray(), copies.SequenceOffsets.ToArray()), positions, output, cancellation: cancellation);
        WordScore[] scores = new WordScore[words.Length];
        for (int copy = 0, row = 0; copy < words.Length; copy++)
        {
            double sum = 0;
            for (int end = row + words[copy].Length; row < end; row++)
            {
                sum -= Losses.NegativeLogLikelihood(output.Logits.Row(row), copies.InputIds[positions[row]]);
            }

            ReadOnlySpan<TokenOffset> places = copies.CharOffsets(copy).Slice(words[copy].Start, words[copy].Length);
            scores[copy] = new WordScore(places[0].Start, places[^1].End, sum, places.Length);
        }

        return scores;
    }

    /// <summary>Neighbouring tokens with one word id are a word.</summary>
    private static List<Word> WordsOf(TokenBatch batch, int sequence)
    {
        ReadOnlySpan<int> ids = batch.WordIds(sequence);
        List<Word> words = [];
        for (int start = 0, end; start < ids.Length; start = end)
        {
            for (end = start + 1; end < ids.Length && ids[end] == ids[start]; end++)
            {
            }

            if (ids[start] >= 0)
            {
                words.Add(new Word(sequence, start, end - start));
            }
        }

        return words;
    }

    /// <summary>The tokens of a word: where they stand in their sequence.</summary>
    private readonly record struct Word(int Sequence, int Start, int Length);
}
