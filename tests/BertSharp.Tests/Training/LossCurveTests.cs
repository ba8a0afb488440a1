using System.Xml.Linq;

namespace BertSharp.Tests;

/// <summary>The picture of a training log.</summary>
public sealed class LossCurveTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void The_curve_has_named_axes_ticks_a_line_of_the_loss_its_mean_and_the_validations()
    {
        File.WriteAllLines(_file, Enumerable.Range(1, 5000).SelectMany(step => step % 1000 == 0
            ? [Step(step), FormattableString.Invariant($$$"""{"step":{{{step}}},"metric":"F1 <micro>","validation":{"F1 <micro>":{{{step / 10_000.0}}}}}""")]
            : new[] { Step(step) }));
        XElement svg = XElement.Parse(LossCurve.ToSvg(_file));
        string[] texts = [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        Assert.Empty(new[] { "step", "loss", "loss, running mean", "F1 <micro>", "validation: F1 <micro>", "0", "5000", "0.10", "0.50" }.Except(texts));
        XElement[] lines = [.. svg.Descendants().Where(element => element.Name.LocalName == "polyline")];
        Assert.Equal(3, lines.Length);
        Assert.Equal([834, 834, 5], lines.Select(line => line.Attribute("points")!.Value.Split(' ').Length));
        Assert.All(lines, line => Assert.All(line.Attribute("points")!.Value.Split(' ', ','), number => Assert.InRange(double.Parse(number, System.Globalization.CultureInfo.InvariantCulture), 0, 960)));
        Assert.Equal(5, svg.Descendants().Count(element => element.Name.LocalName == "circle"));
        Assert.Equal(LossCurve.ToSvg(_file), LossCurve.ToSvg(_file));

        static string Step(int step) => FormattableString.Invariant($$"""{"step":{{step}},"loss":{{7.0 / Math.Sqrt(step)}}}""");
    }

    [Fact]
    public void A_line_of_something_else_is_an_error_with_its_number()
    {
        File.WriteAllLines(_file, ["""{"step":1,"loss":2}""", "{}"]);
        Assert.Contains("line 2: ", Assert.Throws<CheckpointException>(() => LossCurve.ToSvg(_file)).Message);
        File.WriteAllText(_file, "");
        Assert.Contains("found no step", Assert.Throws<CheckpointException>(() => LossCurve.ToSvg(_file)).Message);
    }

    [Theory]
    [InlineData(0, 5000, "0 1000 2000 3000 4000 5000")]
    [InlineData(0.2, 1.1, "0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0 1.1")]
    [InlineData(3, 3, "3.0 3.5")]
    [InlineData(-0.03, 0.01, "-0.030 -0.025 -0.020 -0.015 -0.010 -0.005 0.000 0.005 0.010")]
    public void An_axis_goes_by_ones_twos_or_fives(double least, double most, string labels)
    {
        ChartAxis axis = ChartAxis.Of(least, most);
        Assert.Equal(labels, string.Join(' ', axis.Ticks().Select(axis.Label)));
        Assert.InRange(axis.Place(least), 0, 1);
        Assert.InRange(axis.Place(most), 0, 1);
    }
}
