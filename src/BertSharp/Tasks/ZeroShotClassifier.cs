namespace BertSharp;

/// <summary>
/// Labels that a text was never trained on, by a model for natural language inference: does "This example is LABEL." follow
/// from the text (Yin et al. 2019)? The scores are those of transformers' zero-shot-classification pipeline.
/// Of a text that is too long the end is cut off, never of the hypothesis.
/// Thread-safe; the same text gives the same bits in any batch.
/// </summary>
public sealed class ZeroShotClassifier : ModelTask<BertForSequenceClassification>
{
    private const string Slot = "{}";

    private readonly NliLabels _nli;

    private ZeroShotClassifier(BertTokenizer tokenizer, BertForSequenceClassification model)
        : base(tokenizer, model)
    {
        _nli = NliLabels.Of(model.Config);
    }

    /// <summary>
    /// Whether <c>label2id</c> says which label is entailment. Where it does not, the last one is taken, as in transformers:
    /// the scores mean little unless that is right.
    /// </summary>
    public bool HasEntailmentLabel => _nli.Named;

    /// <summary>Loads a model for natural language inference.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged, or the model has no such head.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static ZeroShotClassifier Load(string path, WeightFormat? weights = null) =>
        Load(path, weights, BertForSequenceClassification.Load, static (tokenizer, model) => new ZeroShotClassifier(tokenizer, model));

    /// <summary>Sorts labels by how well they fit a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="labels">The labels, such as "politics", "sport".</param>
    /// <param name="options">Template, one label or several.</param>
    /// <returns>The labels, the best first.</returns>
    /// <exception cref="ArgumentException">There is no label, the template has no {}, or a hypothesis leaves no room for the text.</exception>
    public IReadOnlyList<ClassLabel> Classify(string text, IReadOnlyList<string> labels, ZeroShotOptions? options = null) => Classify([text], labels, options)[0];

    /// <summary>The same for many texts, packed and sorted by length inside, on all cores.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="labels">The labels, such as "politics", "sport".</param>
    /// <param name="options">Template, one label or several.</param>
    /// <param name="progress">Receives the number of pairs of text and label done.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <returns>For each text the labels, the best first.</returns>
    /// <exception cref="ArgumentException">There is no label, the template has no {}, or a hypothesis leaves no room for the text.</exception>
    public IReadOnlyList<IReadOnlyList<ClassLabel>> Classify(IReadOnlyList<string> texts, IReadOnlyList<string> labels, ZeroShotOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default) =>
        Classify(Encode(texts, labels, options), labels, options, progress, cancellation);

    /// <summary>The tokens that <c>Classify</c> reads: for each text one sequence a label; says which were cut.</summary>
    /// <exception cref="ArgumentException">There is no label, the template has no {}, or a hypothesis leaves no room for the text.</exception>
    public TokenBatch Encode(IReadOnlyList<string> texts, IReadOnlyList<string> labels, ZeroShotOptions? options = null)
    {
        string[] hypotheses = Hypotheses(labels, (options ?? ZeroShotOptions.Default).Template);
        (string, string)[] pairs = [.. texts.SelectMany(text => hypotheses.Select(hypothesis => (text, hypothesis)))];
        return Tokenizer.Encode(pairs, new EncodeOptions { MaxLength = MaxTokens, Truncation = Truncation.OnlyFirst });
    }

    /// <summary>The same for texts that <see cref="Encode"/> has read with these labels.</summary>
    /// <exception cref="ArgumentException">The batch is not one sequence a label, or does not fit the model.</exception>
    public IReadOnlyList<IReadOnlyList<ClassLabel>> Classify(TokenBatch batch, IReadOnlyList<string> labels, ZeroShotOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        if (labels.Count == 0 || batch.Count % labels.Count != 0)
        {
            throw new ArgumentException($"{batch.Count} sequences are not groups of {labels.Count} labels; encode the texts with these labels.", nameof(labels));
        }

        float[][] logits = SequenceLogits.Of(Model, batch, progress, cancellation);
        bool alone = options?.MultiLabel == true || labels.Count == 1;
        return [.. logits.Chunk(labels.Count).Select(rows => LogitScores.Sorted(labels, alone ? EachByItself(rows) : OneOfAll(rows), topK: null))];
    }

    private string[] Hypotheses(IReadOnlyList<string> labels, string template)
    {
        if (labels.Count == 0)
        {
            throw new ArgumentException("There is no label to choose from; give at least one.", nameof(labels));
        }

        if (!template.Contains(Slot, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The template '{template}' has no {Slot}, where the label goes; write it as 'This example is {Slot}.'", nameof(template));
        }

        string[] hypotheses = [.. labels.Select(label => template.Replace(Slot, label, StringComparison.Ordinal))];
        TokenBatch pairs = Tokenizer.Encode([.. hypotheses.Select(hypothesis => ("", hypothesis))]);
        for (int i = 0; i < hypotheses.Length; i++)
        {
            if (pairs.Length(i) >= MaxTokens)
            {
                throw new ArgumentException($"The label '{labels[i]}' and the template are {pairs.Length(i)} tokens, which leaves no room for the text within {MaxTokens}; use shorter ones.", nameof(labels));
            }
        }

        return hypotheses;
    }

    /// <summary>Softmax of the entailment logits over the labels.</summary>
    private float[] OneOfAll(float[][] rows)
    {
        float[] scores = [.. rows.Select(row => row[_nli.Entailment])];
        LogitScores.Softmax(scores);
        return scores;
    }

    /// <summary>Softmax of contradiction and entailment of each label.</summary>
    private float[] EachByItself(float[][] rows) => [.. rows.Select(row =>
    {
        float[] scores = [row[_nli.Contradiction], row[_nli.Entailment]];
        LogitScores.Softmax(scores);
        return scores[1];
    })];
}
