using BertSharp.Cli.Output;

namespace BertSharp.Cli.Tests;

/// <summary>Marks in texts: brackets, colours, HTML.</summary>
public sealed class MarkedTextTests
{
    private static readonly Terminal s_colored = new(Colors: true, Width: 80);

    [Fact]
    public void In_a_pipe_marks_are_brackets()
    {
        Mark[] marks = [new(15, 21, "location", 1), new(0, 8, "person", 0)];
        Assert.Equal("[Lovelace person] is in [London location].", MarkedText.Lines("Lovelace is in London.", marks, Terminal.Plain));
        Assert.Equal("no marks", MarkedText.Lines("no marks", [], Terminal.Plain));
        Assert.Equal("", MarkedText.Lines("", [], Terminal.Plain));
    }

    [Fact]
    public void On_a_terminal_marks_have_colours_and_control_sequences_of_the_text_are_shown()
    {
        string line = MarkedText.Lines("a\e[2J b", [new(6, 7, "X", 12)], s_colored);
        Assert.Equal("a␛[2J \e[1m\e[38;5;33mb\e[0m\e[0m\e[2m X\e[0m", line);
        Assert.NotEqual(Painted(0), Painted(1));
        Assert.Equal(Painted(3), Painted(3));

        static string Painted(int color) => MarkedText.Lines("b", [new(0, 1, "", color)], s_colored);
    }

    [Fact]
    public void In_a_page_text_and_label_are_escaped_and_letters_stay()
    {
        string html = MarkedText.Html("<b> Zoë & \"東京\"", [new(4, 7, "<i>", 0)]);
        Assert.Equal("&lt;b&gt; <mark style=\"background: hsl(210 75% 55% / .35)\">Zoë<small>&lt;i&gt;</small></mark> &amp; &quot;東京&quot;", html);
    }

    [Fact]
    public void Of_marks_that_overlap_the_one_given_first_is_shown()
    {
        Mark[] marks = [new(2, 6, "1", 0), new(0, 4, "2", 1), new(5, 9, "3", 2), new(6, 8, "4", 3), new(0, 9, "5", 4), new(0, 2, "6", 5)];
        Assert.Equal("[ab 6][cdef 1][gh 4]i", MarkedText.Lines("abcdefghi", marks, Terminal.Plain));
    }

    [Fact]
    public void A_surrogate_pair_is_never_cut_and_nothing_is_marked_beyond_the_text()
    {
        Assert.Equal("a[😀 X]b[😀 Y]", MarkedText.Lines("a😀b😀", [new(2, 3, "X", 0), new(4, 5, "Y", 0)], Terminal.Plain));
        Assert.Equal("a[b X]", MarkedText.Lines("ab", [new(1, 9, "X", 0), new(7, 9, "Y", 0), new(-5, 0, "Z", 0)], Terminal.Plain));
    }
}
