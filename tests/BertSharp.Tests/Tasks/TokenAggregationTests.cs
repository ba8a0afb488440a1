namespace BertSharp.Tests;

/// <summary>The rules by which labels become entities, on probabilities made by hand.</summary>
public sealed class TokenAggregationTests
{
    private static readonly string[] s_labels = ["O", "B-X", "I-X", "B-Y", "I-Y", "creative-work"];

    [Theory]
    [InlineData("B-X I-X I-X", "X:0-6")]
    [InlineData("B-X B-X I-X", "X:0-2 X:2-6")]
    [InlineData("I-X I-Y O", "X:0-2 Y:2-4")]
    [InlineData("O I-X O", "X:2-4")]
    [InlineData("B-X I-Y I-Y", "X:0-2 Y:2-6")]
    [InlineData("creative-work creative-work O", "work:0-4")]
    [InlineData("O O O", "")]
    public void Neighbours_of_one_class_are_one_entity_until_a_b(string labels, string expected)
    {
        ScoredToken[] tokens = [.. labels.Split(' ').Select((label, i) => Token("the", 2 * i, false, (label, 0.9f)))];
        Assert.Equal(expected, Found(Aggregation.Simple, tokens));
    }

    [Fact]
    public void A_word_has_the_label_of_its_first_or_surest_token_or_of_the_highest_mean()
    {
        ScoredToken[] word = [Token("un", 0, false, ("B-X", 0.6f), ("B-Y", 0.4f)), Token("##aff", 2, true, ("I-Y", 0.8f), ("B-Y", 0.2f)), Token("##able", 4, true, ("B-Y", 0.5f), ("I-Y", 0.4f))];
        Assert.Equal("X:0-2 Y:2-4 Y:4-6", Found(Aggregation.Simple, word));
        Assert.Equal("B-X:0-2 I-Y:2-4 B-Y:4-6", Found(Aggregation.None, word));
        AssertSingle("X", 0.6f, Aggregation.First);
        AssertSingle("Y", 0.8f, Aggregation.Max);
        AssertSingle("Y", 0.4f, Aggregation.Average);

        void AssertSingle(string label, float score, Aggregation aggregation)
        {
            LabeledSpan span = Assert.Single(Entities(aggregation, word));
            Assert.Equal((label, "unaffable", 0, 6), (span.Label, span.Word, span.Start, span.End));
            Assert.Equal(score, span.Score, 1e-6f);
        }
    }

    [Fact]
    public void An_entity_has_the_mean_score_of_its_words_and_their_text_with_spaces()
    {
        ScoredToken[] words = [Token("the", 0, false, ("B-X", 0.5f)), Token("fox", 2, false, ("I-X", 0.9f)), Token("##es", 4, true, ("O", 0.99f)), Token("!", 6, false, ("I-X", 0.7f))];
        LabeledSpan span = Assert.Single(Entities(Aggregation.First, words));
        Assert.Equal("the foxes!", span.Word);
        Assert.Equal(0.7f, span.Score, 1e-6f);
    }

    [Fact]
    public void Of_equal_probabilities_the_first_label_and_the_first_token_win()
    {
        ScoredToken[] word = [Token("un", 0, false, ("B-X", 0.5f), ("B-Y", 0.5f)), Token("##aff", 2, true, ("B-Y", 0.5f))];
        Assert.Equal("X:0-4", Found(Aggregation.Max, word));
    }

    [Fact]
    public void Labels_to_ignore_are_those_of_entities()
    {
        ScoredToken[] tokens = [Token("the", 0, false, ("B-X", 0.9f)), Token("fox", 2, false, ("O", 0.9f)), Token("jump", 4, false, ("B-Y", 0.9f))];
        Assert.Equal("O:2-4 Y:4-6", Found(Aggregation.First, tokens, ["X"]));
        Assert.Equal("X:0-2 O:2-4 Y:4-6", Found(Aggregation.First, tokens, []));
        Assert.Equal("O:2-4 B-Y:4-6", Found(Aggregation.None, tokens, ["B-X"]));
    }

    [Fact]
    public void Of_windows_the_longest_entity_stays_and_of_equal_ones_the_surest()
    {
        SplitText text = new("😀😀 abcdefgh ij");
        LabeledSpan[] first = [Span("X", 0.9f, 0, 4), Span("X", 0.5f, 5, 8), Span("Z", 0.9f, 11, 13)];
        LabeledSpan[] second = [Span("Y", 0.8f, 2, 7), Span("Y", 0.6f, 5, 8), Span("Y", 0.1f, 8, 12), Span("X", 1f, 14, 16)];
        string[] joined = [.. EntityWindows.Join([first, second], text).Select(entity => $"{entity.Label}:{entity.Text}")];

        // Two emoji are two code points but four units: the second window's first entity is longer, and of another length than the third.
        Assert.Equal(["Y:😀 ab", "Y:defg", "X:ij"], joined);
        Assert.Equal(3, EntityWindows.Join([first], text).Length);
    }

    private static LabeledSpan Span(string label, float score, int start, int end) => new(label, score, "", start, end);

    private static ScoredToken Token(string word, int start, bool continues, params (string Label, float Score)[] scores)
    {
        float[] all = new float[s_labels.Length];
        foreach ((string label, float score) in scores)
        {
            all[Array.IndexOf(s_labels, label)] = score;
        }

        return new ScoredToken(word, start, start + 2, continues, all);
    }

    private static LabeledSpan[] Entities(Aggregation aggregation, ScoredToken[] tokens, string[]? ignore = null) =>
        [.. new TokenAggregation(s_labels, TinyVocabulary.Tokenizer, new FindOptions { Aggregation = aggregation, IgnoreLabels = ignore ?? ["O"] }).Entities(tokens)];

    private static string Found(Aggregation aggregation, ScoredToken[] tokens, string[]? ignore = null) =>
        string.Join(' ', Entities(aggregation, tokens, ignore).Select(span => $"{span.Label}:{span.Start}-{span.End}"));
}
