namespace BertSharp;

/// <summary>
/// Which of several texts goes with a first one: an ending of a story, an answer to a question (Devlin et al. 2018,
/// section 4.4). Thread-safe; the same question gives the same bits in any batch.
/// </summary>
public sealed class MultipleChoiceSolver : ModelTask<BertForMultipleChoice>
{
    private MultipleChoiceSolver(BertTokenizer tokenizer, BertForMultipleChoice model)
        : base(tokenizer, model)
    {
    }

    /// <summary>Loads a model for multiple choice.</summary>
    /// <param name="path">A folder in Hugging Face's layout, or a name of the local Hugging Face cache.</param>
    /// <param name="weights">How the linear layers of the encoder are held; null: as the folder says.</param>
    /// <exception cref="CheckpointException">Nothing is there, or a file is damaged, or the model has no such head.</exception>
    /// <exception cref="TokenizerException">A file of the tokenizer is damaged.</exception>
    public static MultipleChoiceSolver Load(string path, WeightFormat? weights = null) =>
        Load(path, weights, BertForMultipleChoice.Load, static (tokenizer, model) => new MultipleChoiceSolver(tokenizer, model));

    /// <summary>Chooses what goes with a prompt.</summary>
    /// <exception cref="ArgumentException">There is no choice.</exception>
    public ChoiceAnswer Solve(string prompt, IReadOnlyList<string> choices) => Solve([(prompt, choices)])[0];

    /// <summary>The same for many questions, packed and sorted by length inside, on all cores.</summary>
    /// <param name="questions">Each a prompt and its choices, as many as it has.</param>
    /// <param name="progress">Receives the number of choices done, over all questions.</param>
    /// <param name="cancellation">Checked between batches and layers.</param>
    /// <returns>One answer a question.</returns>
    /// <exception cref="ArgumentException">A question has no choice.</exception>
    public IReadOnlyList<ChoiceAnswer> Solve(IReadOnlyList<(string Prompt, IReadOnlyList<string> Choices)> questions, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        for (int i = 0; i < questions.Count; i++)
        {
            if (questions[i].Choices.Count == 0)
            {
                throw new ArgumentException($"Question {i} has no choice; give at least one.", nameof(questions));
            }
        }

        (string, string)[] pairs = [.. questions.SelectMany(question => question.Choices.Select(choice => (question.Prompt, choice)))];
        TokenBatch batch = Tokenizer.Encode(pairs, new EncodeOptions { MaxLength = MaxTokens });
        return Solve(batch, [.. questions.Select(question => question.Choices)], progress, cancellation);
    }

    /// <summary>Solves questions whose sequences, one a choice, are end to end in a batch.</summary>
    internal ChoiceAnswer[] Solve(TokenBatch batch, IReadOnlyList<IReadOnlyList<string>> choices, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        float[][] logits = SequenceLogits.Of(batch, (block, output) => Model.Forward(block, choices: 1, output, ForwardOptions.FirstTokens, cancellation: cancellation), progress);
        ChoiceAnswer[] answers = new ChoiceAnswer[choices.Count];
        for (int i = 0, first = 0; i < answers.Length; first += choices[i++].Count)
        {
            answers[i] = Best(choices[i], [.. logits.Skip(first).Take(choices[i].Count).Select(row => row[0])]);
        }

        return answers;
    }

    private static ChoiceAnswer Best(IReadOnlyList<string> choices, float[] scores)
    {
        LogitScores.Softmax(scores);
        int best = Array.IndexOf(scores, scores.Max());
        return new ChoiceAnswer(best, choices[best], scores);
    }
}
