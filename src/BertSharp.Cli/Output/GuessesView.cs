using System.Globalization;
using System.Text.Json;
using BertSharp.Cli.Commands;

namespace BertSharp.Cli.Output;

/// <summary>The guesses for the masks of a text.</summary>
internal sealed class GuessesView : ResultView<GuessedText>
{
    public override IReadOnlyList<string> Columns => ["text", "mask", "token", "score", "sequence"];

    public override IEnumerable<string[]> Rows(GuessedText result) => result.Filled.Masks.SelectMany((guesses, mask) => guesses.Select(guess => (string[])[
        result.Text, mask.ToString(CultureInfo.InvariantCulture), guess.Token, ScoreBar.Exact(guess.Score), guess.Sequence]));

    /// <summary>The text, and a line for each guess; between two masks an empty one.</summary>
    public override IEnumerable<string> Lines(GuessedText result, Terminal terminal) =>
        [terminal.Bold(result.Text), .. result.Filled.Masks.SelectMany((guesses, mask) => (string[])[
            .. mask > 0 ? (string[])[""] : [], .. guesses.Select(guess => ScoreBar.Line(guess.Token, guess.Score, terminal))])];

    public override string Html(GuessedText result) =>
        $"{HtmlPage.Escape(result.Text)}\n{string.Concat(result.Filled.Masks.Select(guesses => ScoreBar.Html(guesses.Select(guess => (guess.Token, guess.Score)))))}";

    /// <summary>One mask: <c>guesses</c>; several: <c>masks</c>, a list of guesses for each.</summary>
    public override void WriteJson(Utf8JsonWriter json, GuessedText result)
    {
        json.WriteString("text", result.Text);
        if (result.Filled.Masks.Count == 1)
        {
            json.WritePropertyName("guesses");
            WriteGuesses(json, result.Filled.Guesses);
        }
        else
        {
            json.WriteStartArray("masks");
            foreach (IReadOnlyList<Guess> guesses in result.Filled.Masks)
            {
                WriteGuesses(json, guesses);
            }

            json.WriteEndArray();
        }

        json.WriteTruncated(result.Truncated);
    }

    private static void WriteGuesses(Utf8JsonWriter json, IReadOnlyList<Guess> guesses)
    {
        json.WriteStartArray();
        foreach (Guess guess in guesses)
        {
            json.WriteStartObject();
            json.WriteString("token", guess.Token);
            json.WriteFinite("score", guess.Score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
