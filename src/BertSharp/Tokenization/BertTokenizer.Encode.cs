namespace BertSharp;

/// <content>Encoding: one text, a pair, many of them, text split into words, and the span in and out.</content>
public sealed partial class BertTokenizer
{
    /// <summary>From this many UTF-16 units on, texts are shared out among threads.</summary>
    private const int ParallelLength = 1 << 16;

    private const int PartsPerCore = 4;

    /// <summary>Encodes one text.</summary>
    /// <exception cref="ArgumentException">The options contradict each other or the text.</exception>
    public TokenBatch Encode(string text, EncodeOptions? options = null) =>
        EncodeAll(1, _ => new EncoderInput([text], null, false), options);

    /// <summary>Encodes a pair of texts.</summary>
    /// <exception cref="ArgumentException">The options contradict each other or the texts.</exception>
    public TokenBatch Encode(string text, string textPair, EncodeOptions? options = null) =>
        EncodeAll(1, _ => new EncoderInput([text], [textPair], false), options);

    /// <summary>Encodes many texts, on all cores where they are long enough; the result is that of encoding one by one.</summary>
    /// <exception cref="ArgumentException">The options contradict each other or a text.</exception>
    public TokenBatch Encode(IReadOnlyList<string> texts, EncodeOptions? options = null) =>
        EncodeAll(texts.Count, i => new EncoderInput([texts[i]], null, false), options);

    /// <summary>Encodes many pairs, on all cores where they are long enough; the result is that of encoding one by one.</summary>
    /// <exception cref="ArgumentException">The options contradict each other or a pair.</exception>
    public TokenBatch Encode(IReadOnlyList<(string Text, string Pair)> pairs, EncodeOptions? options = null) =>
        EncodeAll(pairs.Count, i => new EncoderInput([pairs[i].Text], [pairs[i].Pair], false), options);

    /// <summary>
    /// Encodes text that is already split into words: word ids count the given words,
    /// and offsets are those within each word.
    /// </summary>
    /// <exception cref="ArgumentException">The options contradict each other or the text.</exception>
    public TokenBatch EncodeWords(IReadOnlyList<string> words, EncodeOptions? options = null) =>
        EncodeAll(1, _ => new EncoderInput(words, null, true), options);

    /// <summary>Encodes a pair of texts that are already split into words.</summary>
    /// <exception cref="ArgumentException">The options contradict each other or the texts.</exception>
    public TokenBatch EncodeWords(IReadOnlyList<string> words, IReadOnlyList<string> pairWords, EncodeOptions? options = null) =>
        EncodeAll(1, _ => new EncoderInput(words, pairWords, true), options);

    /// <summary>Encodes many texts that are already split into words.</summary>
    /// <exception cref="ArgumentException">The options contradict each other or a text.</exception>
    public TokenBatch EncodeWords(IReadOnlyList<IReadOnlyList<string>> texts, EncodeOptions? options = null) =>
        EncodeAll(texts.Count, i => new EncoderInput(texts[i], null, true), options);

    /// <summary>Encodes one text into the caller's memory; allocates nothing once a thread's buffers have grown to the texts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ids">Gets the ids. A text that does not fit is truncated so that the special tokens fit too.</param>
    /// <param name="addSpecialTokens">Whether [CLS] and [SEP] are added.</param>
    /// <returns>The number of ids written.</returns>
    /// <exception cref="ArgumentException"><paramref name="ids"/> has no room for the special tokens.</exception>
    public int Encode(ReadOnlySpan<char> text, Span<int> ids, bool addSpecialTokens = true) =>
        _sequences.Encode(text, ids, addSpecialTokens);

    private TokenBatch EncodeAll(int count, Func<int, EncoderInput> inputs, EncodeOptions? options)
    {
        options ??= EncodeOptions.Default;
        if (options.Stride is { } stride && (stride < 0 || options.MaxLength is null || options.Truncation == Truncation.None))
        {
            throw new ArgumentException("A stride must not be negative, and needs a MaxLength and a Truncation.", nameof(options));
        }

        int[] cuts = Cuts(count, inputs);
        var builders = new BatchBuilder[cuts.Length - 1];
        ForEachPart(builders.Length, part =>
        {
            var builder = builders[part] = new BatchBuilder(options.Offsets);
            for (int i = cuts[part]; i < cuts[part + 1]; i++)
            {
                _sequences.Encode(inputs(i), i, options, builder);
            }
        });
        var arrays = new BatchArrays(builders, options.Offsets);
        ForEachPart(builders.Length, arrays.Take);
        return arrays.ToBatch();
    }

    /// <summary>Runs the parts on all cores; an error of one is thrown as it is.</summary>
    private static void ForEachPart(int parts, Action<int> run)
    {
        if (parts == 1)
        {
            run(0);
            return;
        }

        try
        {
            Parallel.For(0, parts, run);
        }
        catch (AggregateException error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }

    /// <summary>Where the inputs are cut into parts of about the same length: several for each core, so that they even out.</summary>
    private static int[] Cuts(int count, Func<int, EncoderInput> inputs)
    {
        long[] lengths = new long[count + 1];
        for (int i = 0; i < count; i++)
        {
            lengths[i + 1] = lengths[i] + inputs(i).Length;
        }

        int parts = lengths[count] < ParallelLength ? 1 : Math.Min(count, Environment.ProcessorCount * PartsPerCore);
        int[] cuts = new int[parts + 1];
        for (int part = 1, i = 0; part < parts; part++)
        {
            while (lengths[i] < lengths[count] * part / parts)
            {
                i++;
            }

            cuts[part] = i;
        }

        cuts[parts] = count;
        return cuts;
    }
}
