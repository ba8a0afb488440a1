using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BertSharp;

/// <summary>
/// A picture of <c>log.jsonl</c> as SVG: the loss of every step, its running mean, and the validation score on an axis of its own.
/// </summary>
internal static class LossCurve
{
    private const int Width = 960, Height = 480;

    // More points than the picture has columns show nothing more.
    private const int MaxPoints = 900;

    /// <summary>Draws a log; the same log gives the same bytes.</summary>
    /// <exception cref="CheckpointException">It cannot be read, or holds no step.</exception>
    public static string ToSvg(string file)
    {
        (List<(double X, double Y)> losses, List<(double X, double Y)> scores, string metric) = Read(file);
        List<(double X, double Y)> raw = Thin(losses), mean = Thin(Smooth(losses));
        Plot plot = new(Width, Height, ChartAxis.Of(0, losses[^1].X), AxisOf([.. raw, .. mean]));
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n");
        plot.DrawAxes(svg, "step", "loss");
        plot.DrawLine(svg, raw, "#b8c4d6", 1, "loss", 0);
        plot.DrawLine(svg, mean, "#1f4e9c", 2, "loss, running mean", 1);
        if (scores.Count > 0)
        {
            Plot right = plot with { Y = AxisOf(scores) };
            right.DrawRightAxis(svg, metric);
            right.DrawLine(svg, scores, "#c2571a", 2, $"validation: {metric}", 2);
            right.DrawPoints(svg, scores, "#c2571a");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static ChartAxis AxisOf(List<(double X, double Y)> points) => ChartAxis.Of(points.Min(point => point.Y), points.Max(point => point.Y));

    private static (List<(double X, double Y)> Losses, List<(double X, double Y)> Scores, string Metric) Read(string file)
    {
        List<(double X, double Y)> losses = [], scores = [];
        string metric = "";
        int number = 0;
        using StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)); // A run may hold it open.
        while (reader.ReadLine() is string line)
        {
            number++;
            try
            {
                using JsonDocument json = JsonDocument.Parse(line);
                double step = json.RootElement.GetProperty("step").GetDouble();
                if (json.RootElement.TryGetProperty("loss", out JsonElement loss))
                {
                    losses.Add((step, loss.GetDouble()));
                }
                else
                {
                    metric = json.RootElement.GetProperty("metric").GetString()!;
                    JsonElement score = json.RootElement.GetProperty("validation").GetProperty(metric);
                    scores.AddRange(score.ValueKind == JsonValueKind.Number ? [(step, score.GetDouble())] : []);
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                throw new CheckpointException(file, $"line {number}: expected a step or a validation of a training log, found '{CheckpointException.Show(line)}'", inner: e);
            }
        }

        return losses.Count > 0 ? (losses, scores, metric) : throw new CheckpointException(file, "expected the log of a training run, found no step in it");
    }

    // An exponential mean over about a fiftieth of the steps, without the pull of its start at zero.
    private static List<(double X, double Y)> Smooth(List<(double X, double Y)> points)
    {
        double keep = 1 - (1 / Math.Max(1, points.Count / 50.0)), sum = 0, weight = 0;
        List<(double X, double Y)> smooth = [];
        foreach ((double x, double y) in points)
        {
            sum = (keep * sum) + y;
            weight = (keep * weight) + 1;
            smooth.Add((x, sum / weight));
        }

        return smooth;
    }

    // Means of equal runs of points.
    private static List<(double X, double Y)> Thin(List<(double X, double Y)> points) =>
        points.Count <= MaxPoints ? points : [.. points.Chunk((points.Count + MaxPoints - 1) / MaxPoints).Select(run => (run.Average(point => point.X), run.Average(point => point.Y)))];
}
