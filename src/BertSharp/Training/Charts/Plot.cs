using System.Globalization;
using System.Net;
using System.Text;

namespace BertSharp;

/// <summary>The area of a chart and what is drawn on it, as SVG.</summary>
/// <param name="Width">Width of the picture.</param>
/// <param name="Height">Height of the picture.</param>
/// <param name="X">The axis below.</param>
/// <param name="Y">The axis at the side.</param>
internal sealed record Plot(int Width, int Height, ChartAxis X, ChartAxis Y)
{
    private const int Left = 70, Right = 70, Top = 50, Bottom = 50;

    /// <summary>Axes below and at the left, with a grid, ticks and their names.</summary>
    public void DrawAxes(StringBuilder svg, string x, string y)
    {
        foreach (double tick in X.Ticks())
        {
            Line(svg, ToX(tick), Top, ToX(tick), Height - Bottom, "#e8e8e8");
            Text(svg, ToX(tick), Height - Bottom + 20, "middle", "#444", X.Label(tick));
        }

        foreach (double tick in Y.Ticks())
        {
            Line(svg, Left, ToY(tick), Width - Right, ToY(tick), "#e8e8e8");
            Text(svg, Left - 8, ToY(tick) + 4, "end", "#444", Y.Label(tick));
        }

        Line(svg, Left, Height - Bottom, Width - Right, Height - Bottom, "#444");
        Line(svg, Left, Top, Left, Height - Bottom, "#444");
        Text(svg, (Left + Width - Right) / 2.0, Height - 10, "middle", "#444", x);
        Turned(svg, 18, y);
    }

    /// <summary>An axis at the right.</summary>
    public void DrawRightAxis(StringBuilder svg, string name)
    {
        Line(svg, Width - Right, Top, Width - Right, Height - Bottom, "#444");
        foreach (double tick in Y.Ticks())
        {
            Text(svg, Width - Right + 8, ToY(tick) + 4, "start", "#444", Y.Label(tick));
        }

        Turned(svg, Width - 12, name);
    }

    /// <summary>A line through points, and its entry in the legend.</summary>
    /// <param name="svg">The picture.</param>
    /// <param name="points">Points, by X.</param>
    /// <param name="color">Its colour.</param>
    /// <param name="width">Its width.</param>
    /// <param name="name">Its name.</param>
    /// <param name="place">Its place in the legend, from 0.</param>
    public void DrawLine(StringBuilder svg, IEnumerable<(double X, double Y)> points, string color, int width, string name, int place)
    {
        string path = string.Join(' ', points.Select(point => FormattableString.Invariant($"{ToX(point.X):0.##},{ToY(point.Y):0.##}")));
        svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"/>\n");
        int x = Left + (place * 220);
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{Top - 29}\" width=\"24\" height=\"4\" fill=\"{color}\"/>\n");
        Text(svg, x + 32, Top - 22, "start", "#222", name);
    }

    /// <summary>Dots at points.</summary>
    public void DrawPoints(StringBuilder svg, IEnumerable<(double X, double Y)> points, string color)
    {
        foreach ((double x, double y) in points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{ToX(x):0.##}\" cy=\"{ToY(y):0.##}\" r=\"3\" fill=\"{color}\"/>\n");
        }
    }

    private double ToX(double value) => Left + (X.Place(value) * (Width - Left - Right));

    private double ToY(double value) => Height - Bottom - (Y.Place(value) * (Height - Top - Bottom));

    private void Turned(StringBuilder svg, double x, string text)
    {
        double y = (Top + Height - Bottom) / 2.0;
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"middle\" fill=\"#444\" transform=\"rotate(-90 {x:0.##} {y:0.##})\">{WebUtility.HtmlEncode(text)}</text>\n");
    }

    private static void Line(StringBuilder svg, double x1, double y1, double x2, double y2, string color) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{color}\"/>\n");

    private static void Text(StringBuilder svg, double x, double y, string anchor, string color, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" fill=\"{color}\">{WebUtility.HtmlEncode(text)}</text>\n");
}
