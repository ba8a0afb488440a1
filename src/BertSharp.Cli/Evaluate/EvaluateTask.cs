using BertSharp.Cli.Output;

namespace BertSharp.Cli.Evaluate;

/// <summary>The tasks that <c>bert evaluate</c> measures: reads the examples, loads the model, and gives the figures.</summary>
internal sealed class EvaluateTask(string model, string data, DataOptions options, string[] labels, string? counted, bool resultsOnTerminal, CancellationToken cancellation)
{
    /// <summary>The tasks by name.</summary>
    public static string[] Names { get; } = ["classify", "tokens", "answer", "choice", "rerank", "embed", "retrieval", "mask", "cloze"];

    /// <summary>Measures.</summary>
    /// <param name="task">One of <see cref="Names"/>.</param>
    public EvaluateResult Run(string task)
    {
        string folder = ModelFolder.Resolve(model);
        return task switch
        {
            "classify" => Classify(folder),
            "tokens" => Tokens(folder),
            "answer" => Answer(folder),
            "choice" => Choice(folder),
            "rerank" => Rerank(folder),
            "embed" => Embed(folder),
            "mask" => Mask(folder),
            "cloze" => Cloze(folder),
            _ => Retrieval(folder),
        };
    }

    private EvaluateResult Classify(string folder)
    {
        IReadOnlyList<TextExample> examples = Examples(TextExample.Read(data, options));
        using BertForSequenceClassification head = BertForSequenceClassification.Load(folder);
        return Measure("examples", examples.Count, progress => TextEvaluation.Of(BertTokenizer.Load(folder), head, examples, NamesOf(head.Config), progress, cancellation));
    }

    private EvaluateResult Tokens(string folder)
    {
        IReadOnlyList<TaggedWords> sentences = Examples(TaggedWords.Read(data, options));
        using BertForTokenClassification head = BertForTokenClassification.Load(folder);
        return Measure("sentences", sentences.Count, progress => TagEvaluation.Of(BertTokenizer.Load(folder), head, sentences, NamesOf(head.Config), progress, cancellation));
    }

    private EvaluateResult Answer(string folder)
    {
        IReadOnlyList<SquadQuestion> questions = Examples(SquadQuestion.Read(data, options));
        using BertForQuestionAnswering head = BertForQuestionAnswering.Load(folder);
        return Measure("questions", questions.Count, progress => AnswerEvaluation.FiguresOf(
            questions, AnswerEvaluation.Predict(BertTokenizer.Load(folder), head, questions, progress: progress, cancellation: cancellation)));
    }

    private EvaluateResult Choice(string folder)
    {
        IReadOnlyList<ChoiceExample> examples = Examples(ChoiceExample.Read(data, options));
        BertTokenizer tokenizer = BertTokenizer.Load(folder);
        using BertForMultipleChoice head = BertForMultipleChoice.Load(folder);
        LabelledBatch batch = ChoiceTask.Encode(tokenizer, examples, TokenLimit.Of(head.Config, tokenizer), examples[0]);
        return Measure("choices", examples.Count, progress => ChoiceEvaluation.Of(head, batch, progress, cancellation), batch.Batch.Count);
    }

    private EvaluateResult Rerank(string folder)
    {
        IReadOnlyList<TextExample> examples = Examples(TextExample.Read(data, options));
        using BertForSequenceClassification head = BertForSequenceClassification.Load(folder);
        return head.Config.NumLabels == 1
            ? Measure("documents", examples.Count, progress => RerankEvaluation.Of(BertTokenizer.Load(folder), head, examples, progress, cancellation))
            : throw new CliException($"{model} has {head.Config.NumLabels} labels; a reranker has one score. Measure it with --task classify.");
    }

    private EvaluateResult Embed(string folder)
    {
        IReadOnlyList<ScoredPair> pairs = Examples(ScoredPair.Read(data, options));
        using SentenceEmbedder embedder = SentenceEmbedder.Load(folder);
        return Measure("texts", pairs.Count, progress => EmbeddingEvaluation.Of(embedder, pairs, progress, cancellation), 2 * pairs.Count);
    }

    private EvaluateResult Retrieval(string folder)
    {
        RetrievalSet set = RetrievalSet.Read(data);
        using SentenceEmbedder embedder = SentenceEmbedder.Load(folder);
        return Measure("texts", set.Queries.Count, progress => EmbeddingEvaluation.Of(embedder, set, progress, cancellation), set.Documents.Count + set.Queries.Count);
    }

    private EvaluateResult Mask(string folder)
    {
        const ulong Seed = 1; // The words that are masked are the same in every run.
        BertTokenizer tokenizer = BertTokenizer.Load(folder);
        using PretrainingData heldOut = PretrainingData.Open([(data, 1)], tokenizer, Seed);
        using PretrainingData? text = counted is null ? null : PretrainingData.Open([(counted, 1)], tokenizer, Seed);
        using BertForMaskedLM model = BertForMaskedLM.Load(folder);
        int examples = (int)Math.Min(MaskedWordEvaluation.MaxExamples, heldOut.Count);
        return Measure("examples", examples, progress => MaskedWordEvaluation.Of(tokenizer, model, heldOut, text, progress, cancellation));
    }

    private EvaluateResult Cloze(string folder)
    {
        IReadOnlyList<ClozeQuestion> questions = Examples(ClozeQuestion.Read(data, options));
        using MaskFiller filler = MaskFiller.Load(folder);
        return Measure("questions", questions.Count, progress => ClozeEvaluation.Of(filler, questions, progress, cancellation));
    }

    private IReadOnlyList<T> Examples<T>(IReadOnlyList<T> examples) =>
        examples.Count > 0 ? examples : throw new CliException($"{data}: there is no example in it; is this the right file?");

    private LabelNames NamesOf(BertConfig config) => labels.Length == 0 ? LabelNames.Given(config.Id2Label)
        : labels.Length == config.NumLabels ? LabelNames.Given(labels)
        : throw CliException.Usage($"--labels has {labels.Length} names; the model has {config.NumLabels} labels: {string.Join(", ", config.Id2Label)}.");

    private EvaluateResult Measure(string unit, int examples, Func<IProgress<int>, IReadOnlyList<KeyValuePair<string, double>>> measure, int? steps = null)
    {
        IReadOnlyList<KeyValuePair<string, double>> figures = [];
        ConsoleProgress.Run("evaluating", unit, resultsOnTerminal, report =>
            figures = measure(new DirectProgress<int>(done => report(done, (double)done / (steps ?? examples)))));
        return new EvaluateResult(examples, figures);
    }
}
