namespace BertSharp;

/// <summary>
/// Finds the answer to a question in a context (Devlin et al. 2018, sections 4.2 and 4.3): the answers of transformers'
/// question answering pipeline. Thread-safe; the same input gives the same answer in any batch.
/// </summary>
public sealed class QuestionAnswerer : ModelTask<BertForQuestionAnswering>
{
    private const int DefaultMaxLength = 384;
    private const int DefaultStride = 128;

    private QuestionAnswerer(BertTokenizer tokenizer, BertForQuestionAnswering model)
        : base(tokenizer, model)
    {
    }

    /// <summary>Loads a folder in Hugging Face's layout, or a name of the local Hugging Face cache.</summary>
    /// <param name="path">The folder or name.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, a file is damaged or does not fit the others, or the model has another head.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static QuestionAnswerer Load(string path, WeightFormat? weights = null) =>
        Load(path, weights, BertForQuestionAnswering.Load, static (tokenizer, model) => new QuestionAnswerer(tokenizer, model));

    /// <summary>Finds the best answer.</summary>
    /// <exception cref="ArgumentException">A text is empty, the question leaves no room for a long context, or an option is out of range.</exception>
    public Answer Answer(string question, string context, AnswerOptions? options = null) => Answer([(question, context)], options)[0];

    /// <summary>Finds the best answer to each of many questions, packed and sorted by length inside, on all cores.</summary>
    /// <param name="inputs">Questions with their contexts.</param>
    /// <param name="options">Windows, length of answers, no answer.</param>
    /// <param name="progress">Receives the number of questions done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    /// <returns>One answer a question, in their order; an empty one where a context has no token.</returns>
    /// <exception cref="ArgumentException">A text is empty, a question leaves no room for a long context, or an option is out of range.</exception>
    public IReadOnlyList<Answer> Answer(IReadOnlyList<(string Question, string Context)> inputs, AnswerOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        [.. Answers(inputs, 1, options, progress, cancellation).Select(answers => answers.FirstOrDefault() ?? BertSharp.Answer.None)];

    /// <summary>Finds the best answers.</summary>
    /// <returns>At most <paramref name="topK"/> answers, best first.</returns>
    /// <exception cref="ArgumentException">A text is empty, the question leaves no room for a long context, or an option is out of range.</exception>
    public IReadOnlyList<Answer> Answers(string question, string context, int topK, AnswerOptions? options = null) => Answers([(question, context)], topK, options)[0];

    /// <summary>Finds the best answers to each of many questions.</summary>
    /// <param name="inputs">Questions with their contexts.</param>
    /// <param name="topK">Most answers to a question.</param>
    /// <param name="options">Windows, length of answers, no answer.</param>
    /// <param name="progress">Receives the number of questions done.</param>
    /// <param name="cancellation">Checked between blocks and layers.</param>
    /// <returns>The answers to each question, best first, in the order of the questions.</returns>
    /// <exception cref="ArgumentException">A text is empty, a question leaves no room for a long context, or an option is out of range.</exception>
    public IReadOnlyList<IReadOnlyList<Answer>> Answers(
        IReadOnlyList<(string Question, string Context)> inputs, int topK, AnswerOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= AnswerOptions.Default;
        ArgumentOutOfRangeException.ThrowIfLessThan(topK, 1);
        if (options.MaxAnswerLength < 1)
        {
            throw new ArgumentException($"MaxAnswerLength is {options.MaxAnswerLength}; expected 1 or more.", nameof(options));
        }

        TokenBatch batch = Encode(inputs, options);

        // Some candidates become one answer when they are widened to words.
        WindowSpans[] spans = Run(batch, options.AlignToWords ? (topK * 2) + 10 : topK, options.MaxAnswerLength, progress, cancellation);
        ILookup<int, int> windows = Enumerable.Range(0, batch.Count).ToLookup(batch.SourceOf);
        return [.. inputs.Select((input, source) =>
        {
            AnswerWindows answers = new(input.Context, batch, options);
            foreach (int sequence in windows[source])
            {
                answers.Add(sequence, spans[sequence]);
            }

            return answers.Best(topK);
        })];
    }

    /// <summary>Why a question cannot be asked of a context, in the words of the error that it would be; null where it can.</summary>
    public string? ProblemOf(string question, string context, AnswerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(context);
        (int length, int stride) = Window(options ?? AnswerOptions.Default);
        return QuestionWindows.ProblemOf(Tokenizer, question, context, length, stride);
    }

    /// <summary>The tokens of all windows.</summary>
    private TokenBatch Encode(IReadOnlyList<(string Question, string Context)> inputs, AnswerOptions options)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            if (ProblemOf(inputs[i].Question, inputs[i].Context, options) is { } problem)
            {
                throw new ArgumentException(inputs.Count > 1 ? $"Input {i + 1}: {problem}." : $"{char.ToUpperInvariant(problem[0])}{problem[1..]}.", nameof(inputs));
            }
        }

        (int length, int stride) = Window(options);
        return QuestionWindows.Encode(Tokenizer, inputs, length, stride);
    }

    private (int Length, int Stride) Window(AnswerOptions options)
    {
        int length = TokenLimit.Of(Config, Tokenizer, options.MaxLength ?? Math.Min(DefaultMaxLength, MaxTokens));
        return (length, options.Stride ?? Math.Min(length / 2, DefaultStride));
    }

    private WindowSpans[] Run(TokenBatch batch, int count, int maxLength, IProgress<int>? progress, CancellationToken cancellation)
    {
        WindowSpans[] spans = new WindowSpans[batch.Count];
        using QuestionAnsweringOutput output = new();
        PinnedRows scratch = new();
        InputProgress done = new(batch, progress);
        foreach (int[] block in SequenceBlocks.Of(batch))
        {
            Model.Forward(batch.Select(block), output, cancellation: cancellation);
            int first = 0;
            foreach (int sequence in block)
            {
                int length = batch.Length(sequence);
                spans[sequence] = WindowSpans.Of(
                    output.StartLogits.Span.Slice(first, length), output.EndLogits.Span.Slice(first, length), batch.SequenceIds(sequence), scratch, count, maxLength);
                first += length;
            }

            done.Report(block);
        }

        return spans;
    }
}
