namespace BertSharp.Tests;

public sealed class TextSentencesTests
{
    [Theory]
    [InlineData("It rained. The road was wet.", "It rained.|The road was wet.")]
    [InlineData("Mr. Gray met Dr. Hill at St. Anne's. They left.", "Mr. Gray met Dr. Hill at St. Anne's.|They left.")]
    [InlineData("\"Where to?\" asked the driver. \"Home,\" she said.", "\"Where to?\" asked the driver.|\"Home,\" she said.")]
    [InlineData("\"Stop!\" \"Why?\" He ran...", "\"Stop!\"|\"Why?\"|He ran...")]
    [InlineData("J. R. Smith, e.g. the baker, owes 3.50 pounds. I know.", "J. R. Smith, e.g. the baker, owes 3.50 pounds.|I know.")]
    [InlineData("So did I. We agreed (at last.) Then we ate.", "So did I.|We agreed (at last.)|Then we ate.")]
    [InlineData("“Well. . . perhaps.” — “Never!”", "“Well. . . perhaps.”|— “Never!”")]
    [InlineData("no end of it", "no end of it")]
    public void Prose_is_cut_into_sentences(string text, string sentences) => Assert.Equal(sentences, string.Join('|', Of(text, TextLayout.Prose).Select(one => one.Text)));

    [Fact]
    public void Prose_runs_over_lines_and_two_empty_lines_part_documents() => Assert.Equal(
        [("A wet\tday. ".Trim(), true), ("It went on and on.", false), ("CHAPTER II", false), ("The end.", true)],
        Of("A wet\tday. It went\non\r\nand on.\n\nCHAPTER II\n\n\nThe end.\n\n\n\n", TextLayout.Prose));

    [Fact]
    public void A_line_is_a_sentence_and_an_empty_one_parts_documents() => Assert.Equal(
        [("One. Two.", true), ("three", false), ("four", true)],
        Of("\n\nOne. Two.\n three \n\n \nfour", TextLayout.Sentences));

    [Fact]
    public void A_text_without_sentences_is_cut_where_it_grows_too_long()
    {
        (string Text, bool)[] cut = [.. Of(string.Join('\n', Enumerable.Repeat("row of a table", 5_000)), TextLayout.Prose)];
        Assert.Equal(8, cut.Length);
        Assert.All(cut, one => Assert.InRange(one.Text.Length, 1, 10_100));
        Assert.Equal((5_000 * 15) - cut.Length, cut.Sum(one => one.Text.Length));
    }

    private static (string Text, bool Begins)[] Of(string text, TextLayout layout)
    {
        using CheckpointFiles files = new();
        File.WriteAllText(files.Path("x.txt"), text);
        return [.. TextSentences.Read([files.Path("x.txt")], layout)];
    }
}
