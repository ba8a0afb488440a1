namespace BertSharp.Tests;

/// <summary>From labelled examples to labels of tokens, on real sets and by hand.</summary>
public sealed class EncodedExamplesTests
{
    private static readonly Lazy<BertTokenizer> Uncased = new(() => BertTokenizer.Load(SharedData.Require("tokenizers/bert-base-uncased")));

    [Fact]
    public void The_first_piece_of_a_word_carries_its_label_and_cut_words_none()
    {
        TaggedWords sentence = new(["Unaffable", "Ada", "sings", "softly"], ["B-x", "B-PER", "O", "I-x"], "x:1");
        LabelNames names = LabelNames.Given(["O", "B-PER", "B-x", "I-x"]);
        TaggedBatch whole = TaggedBatch.Encode(Uncased.Value, [sentence], names, 128), cut = TaggedBatch.Encode(Uncased.Value, [sentence], names, 6);
        Assert.Equal(["[CLS]", "una", "##ffa", "##ble", "ada", "sings", "softly", "[SEP]"], whole.Batch.InputIds.ToArray().Select(Uncased.Value.TokenOf));
        Assert.Equal([-100, 2, -100, -100, 1, 0, 3, -100], whole.Labels[0]);
        Assert.Equal([-100, 2, -100, -100, 1, -100], cut.Labels[0]);
        Assert.Equal(["B-x", "B-PER", "O", "O"], TaggedBatch.TagsOf(cut.Batch, 0, [0, 2, 3, 3, 1, 0], 4, names));
        Assert.Contains("x:1: the label 'I-x' is none of O", Assert.Throws<BadRecordException>(() => TaggedBatch.Encode(Uncased.Value, [sentence], LabelNames.Given(["O", "B-PER", "B-x"]), 128)).Message, StringComparison.Ordinal);
    }

    /// <summary>The words of WNUT-17 without tokens are three variation selectors (U+FE0F alone).</summary>
    [Fact]
    public void Labels_of_wnut17_come_back_as_they_were()
    {
        IReadOnlyList<TaggedWords> sentences = TaggedWords.Read(SharedData.Require("data/wnut17/emerging.test.annotated"));
        LabelNames names = LabelNames.OfFirstSight(sentences.SelectMany(sentence => sentence.Tags));
        TaggedBatch batch = TaggedBatch.Encode(Uncased.Value, sentences, names, 512);
        Assert.Equal(23394 - 3, batch.Labels.Sum(labels => labels.Count(label => label >= 0)));
        for (int i = 0; i < sentences.Count; i++)
        {
            Assert.Equal(sentences[i].Tags, TaggedBatch.TagsOf(batch.Batch, i, [.. batch.Labels[i].Select(label => Math.Max(0, label))], sentences[i].Tags.Count, names));
        }
    }

    [Fact]
    public void Tags_from_logits_are_those_of_the_task()
    {
        string folder = SharedData.Require("models/real/minilm-wnut17");
        TaggedWords[] sentences = [.. TaggedWords.Read(SharedData.Require("data/wnut17/emerging.test.annotated")).Take(60)];
        using TokenClassifier task = TokenClassifier.Load(folder);
        using BertForTokenClassification model = BertForTokenClassification.Load(folder);
        LabelNames names = LabelNames.Given(model.Config.Id2Label);
        TaggedBatch batch = TaggedBatch.Encode(BertTokenizer.Load(folder), sentences, names, 24);
        using HeadOutput output = new();
        model.Forward(batch.Batch, output);
        IReadOnlyList<IReadOnlyList<WordLabel>> expected = task.LabelWords([.. sentences.Select(sentence => sentence.Tokens)], new FindOptions { MaxLength = 24 });
        for (int i = 0; i < sentences.Length; i++)
        {
            int first = batch.Batch.SequenceOffsets[i];
            int[] best = [.. Enumerable.Range(first, batch.Batch.Length(i)).Select(token => ScoredToken.IndexOfLargest(output.Logits.Row(token)))];
            Assert.Equal(expected[i].Select(word => word.Label), TaggedBatch.TagsOf(batch.Batch, i, best, sentences[i].Tokens.Count, names));
        }
    }

    [Fact]
    public void Windows_without_the_whole_answer_point_at_the_first_token()
    {
        const string context = "one two three four five six seven eight nine ten";
        SquadQuestion question = new("q", "which?", context, [new SquadAnswer(" five six ", context.IndexOf(" five", StringComparison.Ordinal))]);
        AnswerBatch batch = AnswerBatch.Encode(Uncased.Value, [question, question with { Answers = [] }], maxLength: 10, stride: 2);
        string[] found = [.. Enumerable.Range(0, batch.Batch.Count).Select(window => $"{batch.Batch.SourceOf(window)}: {TextOf(batch, window, context)}")];
        Assert.Equal(["0: ", "0: five six", "0: ", "1: ", "1: ", "1: "], found);
        Assert.All(Enumerable.Range(0, batch.Batch.Count), window => Assert.Equal(batch.Starts[window] == 0, batch.Ends[window] == 0));
        Assert.Contains("Question q: the question takes", Assert.Throws<ArgumentException>(() => AnswerBatch.Encode(Uncased.Value, [question], 7, 5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_of_squad_are_found_again_in_their_windows()
    {
        SquadQuestion[] questions = [.. SquadDev.Read().Where((_, i) => i % 10 == 0)];
        AnswerBatch batch = AnswerBatch.Encode(Uncased.Value, questions, 384, 128);
        ILookup<int, string> found = Enumerable.Range(0, batch.Batch.Count).Where(window => batch.Starts[window] > 0)
            .ToLookup(batch.Batch.SourceOf, window => TextOf(batch, window, questions[batch.Batch.SourceOf(window)].Context));
        for (int i = 0; i < questions.Length; i++)
        {
            // A token may be longer than an answer that ends within a word.
            Assert.All(found[i].DefaultIfEmpty(""), text => Assert.Contains(questions[i].Answers[0].Text.Trim(), text, StringComparison.Ordinal));
        }

        Assert.InRange(Enumerable.Range(0, questions.Length).Count(i => found[i].All(text => text == questions[i].Answers[0].Text.Trim())), questions.Length - 8, questions.Length);
    }

    [Fact]
    public void Answers_from_logits_are_those_of_the_task()
    {
        string folder = SharedData.Require("models/real/minilm-squad");
        SquadQuestion[] questions = [.. SquadDev.Read().Where((_, i) => i % 400 == 0)];
        using QuestionAnswerer task = QuestionAnswerer.Load(folder);
        using BertForQuestionAnswering model = BertForQuestionAnswering.Load(folder);
        AnswerBatch batch = AnswerBatch.Encode(BertTokenizer.Load(folder), questions, 384, 128);
        using QuestionAnsweringOutput output = new();
        model.Forward(batch.Batch, output);
        int alone = 0;
        foreach (IGrouping<int, int> windows in Enumerable.Range(0, batch.Batch.Count).GroupBy(batch.Batch.SourceOf).Where(windows => windows.Count() == 1))
        {
            // Of one window the task's probabilities rank spans as their logits do.
            AnswerSearch search = new(questions[windows.Key]);
            (int first, int length) = (batch.Batch.SequenceOffsets[windows.Single()], batch.Batch.Length(windows.Single()));
            search.Add(batch.Batch, windows.Single(), output.StartLogits.Span.Slice(first, length), output.EndLogits.Span.Slice(first, length));
            Answer expected = task.Answer(questions[windows.Key].Question, questions[windows.Key].Context, new AnswerOptions { AlignToWords = false, MaxAnswerLength = 30 });
            Assert.Equal(expected.Text, search.Found.Text);
            alone++;
        }

        Assert.InRange(alone, 20, 27);
    }

    [Fact]
    public void The_best_span_of_all_windows_counts_and_the_least_score_of_none()
    {
        SquadQuestion question = new("q", "which?", "one two three four five six", []);
        TokenBatch windows = QuestionWindows.Encode(Uncased.Value, [(question.Question, question.Context)], 9, 1);
        Assert.Equal(["[CLS]", "which", "?", "[SEP]", "one", "two", "three", "four", "[SEP]"], windows.InputIds[..9].ToArray().Select(Uncased.Value.TokenOf));
        AnswerSearch search = new(question);
        search.Add(windows, 0, [3, 9, 9, 9, 1, 2, 0, 0, 9], [1, 9, 9, 9, 2, 0, 1.5f, 0, 9]);
        Assert.Equal(new SquadPrediction("q", "two three", 0.5), search.Found);
        search.Add(windows, 1, [1, 0, 0, 0, 0, 5, 0, 0], [1, 0, 0, 0, 7, 0, 1, 0]);
        Assert.Equal(new SquadPrediction("q", "four", -5), search.Found);
    }

    private static string TextOf(AnswerBatch batch, int window, string context)
    {
        ReadOnlySpan<TokenOffset> places = batch.Batch.CharOffsets(window);
        return batch.Starts[window] == 0 ? "" : context[places[batch.Starts[window]].Start..places[batch.Ends[window]].End];
    }
}
