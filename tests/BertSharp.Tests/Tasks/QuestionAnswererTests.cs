using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>Against transformers' question answering pipeline (4.57.3), on a real model.</summary>
public sealed class QuestionAnswererTests : IClassFixture<QuestionAnswererTests.Reader>
{
    private const string Model = "models/real/minilm-squad";
    private const string Question = "Where did Ada live?";
    private const string Context = "Ada Lovelace lived in London.";

    private readonly Reader _reader;

    public QuestionAnswererTests(Reader reader) => _reader = reader;

    [Fact]
    public void The_three_best_answers_are_those_of_the_reference()
    {
        JsonElement[] results = Results("top3");
        IReadOnlyList<IReadOnlyList<Answer>> found = _reader.Answerer.Answers([.. results.Select(Input)], topK: 3);
        Assert.Equal(30, results.Length);
        AssertEqual(results, "top3", found);
    }

    [Fact]
    public void Long_contexts_in_windows_have_the_answer_of_the_reference()
    {
        JsonElement[] results = [.. Results("top1").Where(result => result.TryGetProperty("max_seq_len", out _))];
        Assert.Equal(5, results.Length);
        Assert.All(results, result => Assert.Equal((384, 128), (result.GetProperty("max_seq_len").GetInt32(), result.GetProperty("doc_stride").GetInt32())));
        AssertEqual(results, "top1", [.. _reader.Answerer.Answer([.. results.Select(Input)]).Select(answer => new[] { answer })]);
    }

    [Fact]
    public void Contexts_without_the_answer_have_none_where_the_reference_gives_none()
    {
        JsonElement[] results = [.. Results("top1").Where(result => result.TryGetProperty("handle_impossible_answer", out _))];
        Assert.Equal(5, results.Length);
        AssertEqual(results, "top1", [.. _reader.Answerer.Answer([.. results.Select(Input)], new AnswerOptions { AllowNoAnswer = true }).Select(answer => new[] { answer })]);
    }

    [Fact]
    public void An_answer_is_a_place_in_the_context()
    {
        string context = "😀 e\u0301 — " + Context.Replace("London", "São Paulo", StringComparison.Ordinal);
        Answer answer = _reader.Answerer.Answer(Question, context);
        Assert.Equal("São Paulo", answer.Text);
        Assert.Equal(context.IndexOf("São", StringComparison.Ordinal), answer.Start);
        Assert.Equal(answer.Text, context[answer.Start..answer.End]);
    }

    [Fact]
    public void The_best_answer_is_the_first_of_many()
    {
        IReadOnlyList<Answer> answers = _reader.Answerer.Answers(Question, Context, topK: 5);
        Assert.Equal(5, answers.Count);
        Assert.Equal(answers.OrderByDescending(answer => answer.Score), answers);
        Assert.Equal("London", answers[0].Text);
        Assert.Equal(answers[0], _reader.Answerer.Answer(Question, Context));
    }

    [Fact]
    public void Fewer_answers_are_given_where_there_are_no_more()
    {
        Assert.Equal("London", Assert.Single(_reader.Answerer.Answers(Question, "London", topK: 5)).Text);
        Assert.Empty(_reader.Answerer.Answers(Question, " ", topK: 5));
        Assert.Equal(new Answer("", 0, 0, 0f), _reader.Answerer.Answer(Question, " "));
        Answer none = Assert.Single(_reader.Answerer.Answers(Question, " ", topK: 5, new AnswerOptions { AllowNoAnswer = true }));
        Assert.Equal(("", 1f), (none.Text, none.Score));
    }

    [Fact]
    public void An_answer_is_widened_to_whole_words_where_that_is_asked_for()
    {
        const string Long = "She lived in Constantinopolis.";
        AnswerOptions pieces = new() { AlignToWords = false, MaxAnswerLength = 1 }, words = new() { MaxAnswerLength = 1 };
        Assert.Equal("Constantinopolis", _reader.Answerer.Answer("Where did she live?", Long, words).Text);
        Answer piece = _reader.Answerer.Answer("Where did she live?", Long, pieces);
        Assert.Contains(piece.Text, "Constantinopolis", StringComparison.Ordinal);
        Assert.True(piece.Text.Length < 16);
    }

    [Fact]
    public void An_answer_has_the_same_bits_alone_and_in_any_batch()
    {
        (string, string)[] inputs = [.. Results("top3").Select(Input), (Question, Context)];
        IReadOnlyList<IReadOnlyList<Answer>> together = _reader.Answerer.Answers(inputs, topK: 3);
        Assert.All(inputs.Zip(together), pair => Assert.Equal(_reader.Answerer.Answers(pair.First.Item1, pair.First.Item2, topK: 3), pair.Second));
    }

    [Fact]
    public void Many_threads_find_the_same_at_once()
    {
        Answer alone = _reader.Answerer.Answer(Question, Context);
        Parallel.For(0, 8, _ => Assert.Equal(alone, _reader.Answerer.Answer([("Who?", Context), (Question, Context)])[1]));
    }

    [Fact]
    public void Progress_counts_questions_and_not_windows()
    {
        List<int> reports = [];
        string context = string.Concat(Enumerable.Repeat(Context, 600));
        _reader.Answerer.Answer([(Question, Context), (Question, context)], progress: new Immediate<int>(reports.Add));
        Assert.True(reports.Count > 2);
        Assert.Equal(0, reports[0]);
        Assert.Equal(2, reports[^1]);
    }

    [Fact]
    public void A_cancelled_search_stops()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => _reader.Answerer.Answer([(Question, Context)], cancellation: source.Token));
    }

    [Fact]
    public void A_question_that_leaves_no_room_for_a_long_context_is_refused_by_its_number()
    {
        string question = string.Concat(Enumerable.Repeat("where ", 300)), longContext = string.Concat(Enumerable.Repeat(Context, 60));
        Assert.NotEqual("", _reader.Answerer.Answer(question, Context).Text);
        string message = Assert.Throws<ArgumentException>(() => _reader.Answerer.Answer([(question, Context), (question, longContext)])).Message;
        Assert.StartsWith("Input 2: the question takes 303 of the 384 tokens of a window, special ones included, and leaves 81 for the context, where more than the stride of 128", message, StringComparison.Ordinal);
        Assert.StartsWith("The question takes 603 of the 384", Assert.Throws<ArgumentException>(() => _reader.Answerer.Answer(question + question, Context)).Message, StringComparison.Ordinal);
        Assert.Null(_reader.Answerer.ProblemOf(question, longContext, new AnswerOptions { Stride = 40 }));
        Assert.NotEqual("", _reader.Answerer.Answer(question, longContext, new AnswerOptions { Stride = 40 }).Text);
    }

    [Fact]
    public void Empty_texts_and_options_out_of_range_are_refused()
    {
        AssertRefused("The context is empty", () => _reader.Answerer.Answer(Question, ""));
        AssertRefused("Input 2: the question is empty", () => _reader.Answerer.Answer([(Question, Context), ("", Context)]));
        AssertRefused("MaxAnswerLength is 0", () => _reader.Answerer.Answer(Question, Context, new AnswerOptions { MaxAnswerLength = 0 }));
        AssertRefused("topK", () => _reader.Answerer.Answers(Question, Context, topK: 0));

        static void AssertRefused(string part, Func<object> answer) =>
            Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(answer).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_another_head_is_refused() =>
        Assert.Throws<CheckpointException>(() => QuestionAnswerer.Load(SharedData.Require("models/real/minilm-wnut17")));

    /// <summary>EM 62.5 and F1 72.4 are what the reference's pipeline measured on the articles that the model was not trained on.</summary>
    [Fact]
    [Trait("suite", "long")]
    public void Squad_gives_the_scores_of_the_reference()
    {
        SquadQuestion[] questions = [.. SquadDev.Read().GroupBy(question => question.Title).Where((_, article) => article % 8 == 0).SelectMany(article => article)];
        IReadOnlyList<Answer> found = _reader.Answerer.Answer([.. questions.Select(question => (question.Question, question.Context))]);
        SquadScores scores = SquadScores.Version1(questions, [.. questions.Zip(found, (question, answer) => new SquadPrediction(question.Id, answer.Text))]);
        Assert.Equal(1757, questions.Length);
        Assert.Equal((62.5, 72.4), (Math.Round(scores.Exact, 1), Math.Round(scores.F1, 1)));
    }

    private static JsonElement[] Results(string kind) =>
        [.. JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("models/real/expected/minilm-squad/pipeline.json"))).RootElement
            .GetProperty("results").EnumerateArray().Where(result => result.TryGetProperty(kind, out _))];

    private static (string Question, string Context) Input(JsonElement result) =>
        (result.GetProperty("question").GetString()!, result.GetProperty("context").GetString()!);

    private static void AssertEqual(JsonElement[] results, string kind, IReadOnlyList<IReadOnlyList<Answer>> found)
    {
        for (int i = 0; i < results.Length; i++)
        {
            JsonElement[] expected = [.. results[i].GetProperty(kind).EnumerateArray()];
            Assert.Equal(
                expected.Select(e => (e.GetProperty("text").GetString(), e.GetProperty("start").GetInt32(), e.GetProperty("end").GetInt32())),
                found[i].Select(e => ((string?)e.Text, e.Start, e.End)));
            Assert.All(expected.Zip(found[i]), pair => Assert.Equal(pair.First.GetProperty("score").GetDouble(), pair.Second.Score, 1e-4));
        }
    }

    /// <summary>The model, loaded once for all tests of the class.</summary>
    public sealed class Reader : IDisposable
    {
        private readonly Lazy<QuestionAnswerer> _answerer = new(() => QuestionAnswerer.Load(SharedData.Require(Model)));

        public QuestionAnswerer Answerer => _answerer.Value;

        public void Dispose()
        {
            if (_answerer.IsValueCreated)
            {
                _answerer.Value.Dispose();
            }
        }
    }
}
