using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>Against transformers' token classification pipeline (4.57.3), on a real model.</summary>
public sealed class TokenClassifierTests : IClassFixture<TokenClassifierTests.Tagger>
{
    private const string Model = "models/real/minilm-wnut17";
    private const string Ada = "Ada Lovelace lived in London.";

    private readonly Tagger _tagger;

    public TokenClassifierTests(Tagger tagger) => _tagger = tagger;

    [Theory]
    [InlineData(Aggregation.None)]
    [InlineData(Aggregation.Simple)]
    [InlineData(Aggregation.First)]
    [InlineData(Aggregation.Average)]
    [InlineData(Aggregation.Max)]
    public void Every_aggregation_finds_the_entities_of_the_reference(Aggregation aggregation)
    {
        JsonElement[] results = [.. Expected().GetProperty("results").EnumerateArray()];
        string[] texts = [.. results.Select(result => result.GetProperty("text").GetString()!)];
        IReadOnlyList<IReadOnlyList<Entity>> found = _tagger.Classifier.Find(texts, new FindOptions { Aggregation = aggregation });
        for (int i = 0; i < texts.Length; i++)
        {
            AssertEqual(texts[i], results[i].GetProperty($"{aggregation}".ToLowerInvariant()), found[i]);
        }
    }

    [Fact]
    public void A_long_text_in_windows_has_the_entities_of_the_reference()
    {
        JsonElement expected = Expected().GetProperty("long");
        string text = expected.GetProperty("text").GetString()!;
        FindOptions options = new() { MaxLength = expected.GetProperty("max_length").GetInt32(), Stride = expected.GetProperty("stride").GetInt32() };
        AssertEqual(text, expected.GetProperty("first"), _tagger.Classifier.Find(text, options));
    }

    [Fact]
    public void Labels_of_words_score_on_wnut17_as_those_of_the_reference()
    {
        JsonElement reference = Expected(), expected = reference.GetProperty("wnut17_test_entities");
        IReadOnlyList<TaggedWords> sentences = TaggedWords.Read(SharedData.Require("data/wnut17/emerging.test.annotated"));
        IReadOnlyList<IReadOnlyList<WordLabel>> found = _tagger.Classifier.LabelWords([.. sentences.Select(sentence => sentence.Tokens)]);
        Assert.Equal(reference.GetProperty("sentences").GetInt32(), sentences.Count);
        Assert.Equal(new MatchCounts(420, 818, 1079), Score(words => words));

        // Three sentences have a word without tokens (U+FE0F alone). The reference's list of labels leaves it out, so the labels
        // behind it stand one word too early, and one entity that was found does not count. With that, its figures to the last digit.
        MatchCounts scores = Score(words => words.Where(word => word.Score > 0));
        Assert.Equal(expected.GetProperty("precision").GetDouble(), scores.Precision, 1e-12);
        Assert.Equal(expected.GetProperty("recall").GetDouble(), scores.Recall, 1e-12);
        Assert.Equal(expected.GetProperty("f1").GetDouble(), scores.F1, 1e-12);

        // The reference's shorter lists end early; behind them there is no entity.
        MatchCounts Score(Func<IReadOnlyList<WordLabel>, IEnumerable<WordLabel>> read) => EntityScores.Of(sentences.Zip(found, (sentence, words) =>
        {
            string[] labels = [.. read(words).Select(word => word.Label)];
            return (sentence.Tags, (IReadOnlyList<string>)[.. labels, .. Enumerable.Repeat("O", sentence.Tags.Count - labels.Length)]);
        }));
    }

    [Fact]
    public void An_entity_shows_its_text_and_what_the_model_read_of_it()
    {
        Entity[] found = [.. _tagger.Classifier.Find("😀 e\u0301 — Zoë Lovelace flew to São Paulo")];
        Assert.Equal(["Zoë Lovelace", "São Paulo"], found.Select(entity => entity.Text));
        Assert.Equal(["zoe lovelace", "sao paulo"], found.Select(entity => entity.Word));
        Assert.Equal((8, 20), (found[0].Start, found[0].End));
    }

    [Fact]
    public void Nothing_is_found_in_texts_without_tokens()
    {
        Assert.Empty(_tagger.Classifier.Find(""));
        Assert.Empty(_tagger.Classifier.Find(" \u0000\n"));
        Assert.Empty(_tagger.Classifier.Find(Array.Empty<string>()));
        Assert.Empty(_tagger.Classifier.FindInWords(Array.Empty<string>()));
        Assert.Equal([new WordLabel("", "O", 0f)], _tagger.Classifier.LabelWords([""]));
    }

    [Fact]
    public void One_token_is_a_text() => Assert.Equal("London", Assert.Single(_tagger.Classifier.Find("London")).Text);

    [Fact]
    public void A_text_beyond_the_limit_is_cut_without_a_stride_and_read_on_with_one()
    {
        string text = string.Concat(Enumerable.Repeat("the end of it is not near . ", 80)) + Ada;
        Assert.Empty(_tagger.Classifier.Find(text));
        Assert.Equal(["Lovelace", "London"], _tagger.Classifier.Find(text, new FindOptions { Stride = 64 }).Select(entity => entity.Text));
    }

    [Fact]
    public void Words_give_the_entities_of_their_text()
    {
        string[] words = ["Ada", "Lovelace", "", "lived", "in", "London", "😀", "Paris."];
        IReadOnlyList<Entity> found = _tagger.Classifier.FindInWords(words);
        Assert.Equal(["Ada Lovelace", "London", "Paris"], found.Select(entity => entity.Text));
        Assert.Equal((23, 29), (found[1].Start, found[1].End));
        Assert.All(found, entity => Assert.Equal(string.Join(' ', words)[entity.Start..entity.End], entity.Text));
    }

    [Fact]
    public void A_word_has_the_label_of_its_first_token()
    {
        string[] words = [.. Ada.TrimEnd('.').Split(' '), ""];
        IReadOnlyList<WordLabel> labels = _tagger.Classifier.LabelWords(words);
        Assert.Equal(words, labels.Select(label => label.Word));
        Assert.Equal(["B-person", "I-person", "O", "O", "B-location", "O"], labels.Select(label => label.Label));
        Assert.Equal(0f, labels[5].Score);
        Entity first = _tagger.Classifier.FindInWords(words, new FindOptions { Aggregation = Aggregation.None })[0];
        Assert.Equal(first.Score, labels[0].Score);
    }

    [Fact]
    public void Words_beyond_the_limit_are_labelled_by_the_window_that_shows_most_around_them()
    {
        string[] words = [.. Enumerable.Range(0, 12).SelectMany(_ => "they say that Lovelace lived in London".Split(' '))];
        IReadOnlyList<WordLabel> cut = _tagger.Classifier.LabelWords(words, new FindOptions { MaxLength = 20 });
        IReadOnlyList<WordLabel> windows = _tagger.Classifier.LabelWords(words, new FindOptions { MaxLength = 20, Stride = 10 });
        Assert.All(cut.Skip(18), label => Assert.Equal(("O", 0f), (label.Label, label.Score)));
        Assert.All(windows, label => Assert.True(label.Score > 0));
        Assert.Equal(Enumerable.Repeat("B-location", 12), windows.Where(label => label.Word == "London").Select(label => label.Label));

        // Tokens 8 to 17 stand in the first two windows; the second shows more around them from token 13 on, which is word 11.
        Assert.Equal(cut.Take(11), windows.Take(11));
        Assert.All(Enumerable.Range(11, 5), word => Assert.NotEqual(cut[word], windows[word]));
    }

    [Fact]
    public void An_entity_has_the_same_bits_alone_and_in_any_batch()
    {
        string[] texts = [.. TaggedWords.Read(SharedData.Require("data/wnut17/emerging.test.annotated")).Take(40).Select(sentence => string.Join(' ', sentence.Tokens)), Ada];
        IReadOnlyList<IReadOnlyList<Entity>> together = _tagger.Classifier.Find(texts);
        Assert.All(texts.Zip(together), pair => Assert.Equal(_tagger.Classifier.Find(pair.First), pair.Second));
        Assert.NotEmpty(together[^1]);
    }

    [Fact]
    public void Many_threads_find_the_same_at_once()
    {
        IReadOnlyList<Entity> alone = _tagger.Classifier.Find(Ada);
        Parallel.For(0, 8, _ => Assert.Equal(alone, _tagger.Classifier.Find(["London", Ada])[1]));
    }

    [Fact]
    public void Progress_counts_texts_and_not_windows()
    {
        List<int> reports = [];
        string[] texts = ["a", string.Concat(Enumerable.Repeat("b ", 5000)), "c"];
        _tagger.Classifier.Find(texts, new FindOptions { Stride = 32 }, new Immediate<int>(reports.Add));
        Assert.True(reports.Count > 1);
        Assert.Equal(0, reports[0]);
        Assert.Equal(3, reports[^1]);
    }

    [Fact]
    public void A_cancelled_search_stops()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => _tagger.Classifier.Find([Ada], cancellation: source.Token));
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        FindOptions joined = new() { Stride = 8, Aggregation = Aggregation.None }, wide = new() { MaxLength = 20, Stride = 18 };
        Assert.Contains("Aggregation", Assert.Throws<ArgumentException>(() => _tagger.Classifier.Find(Ada, joined)).Message, StringComparison.Ordinal);
        Assert.Contains("stride of 18", Assert.Throws<ArgumentException>(() => _tagger.Classifier.Find(new string('.', 30), wide)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_another_head_is_refused() =>
        Assert.Throws<CheckpointException>(() => TokenClassifier.Load(SharedData.Require("models/real/minilm-squad")));

    private static JsonElement Expected() =>
        JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("models/real/expected/minilm-wnut17/pipeline.json"))).RootElement;

    private static void AssertEqual(string text, JsonElement expected, IReadOnlyList<Entity> found)
    {
        Assert.Equal(
            expected.EnumerateArray().Select(e => (e.GetProperty("label").GetString(), e.GetProperty("start").GetInt32(), e.GetProperty("end").GetInt32(), e.GetProperty("word").GetString())),
            found.Select(e => ((string?)e.Label, e.Start, e.End, (string?)e.Word)));
        Assert.All(expected.EnumerateArray().Zip(found), pair =>
        {
            Assert.Equal(pair.First.GetProperty("score").GetDouble(), pair.Second.Score, 1e-4);
            Assert.Equal(text[pair.Second.Start..pair.Second.End], pair.Second.Text);
        });
    }

    /// <summary>The model, loaded once for all tests of the class.</summary>
    public sealed class Tagger : IDisposable
    {
        private readonly Lazy<TokenClassifier> _classifier = new(() => TokenClassifier.Load(SharedData.Require(Model)));

        public TokenClassifier Classifier => _classifier.Value;

        public void Dispose()
        {
            if (_classifier.IsValueCreated)
            {
                _classifier.Value.Dispose();
            }
        }
    }
}
