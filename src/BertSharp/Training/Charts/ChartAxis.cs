using System.Globalization;

namespace BertSharp;

/// <summary>An axis of a chart, from tick to tick.</summary>
/// <param name="First">Where it begins.</param>
/// <param name="Last">Where it ends.</param>
/// <param name="Interval">From tick to tick: 1, 2 or 5 times a power of ten.</param>
internal readonly record struct ChartAxis(double First, double Last, double Interval)
{
    /// <summary>The axis with four to ten intervals that holds a range.</summary>
    public static ChartAxis Of(double least, double most)
    {
        double range = most > least ? most - least : Math.Max(Math.Abs(most), 1e-12), interval = 1;
        for (; interval * 10 < range; interval *= 10)
        {
        }

        for (; interval > range; interval /= 10)
        {
        }

        interval *= range / interval < 2 ? 0.2 : range / interval < 5 ? 0.5 : 1;
        double first = Math.Floor(least / interval) * interval, last = Math.Ceiling(most / interval) * interval;
        return new ChartAxis(first, last > first ? last : first + interval, interval);
    }

    /// <summary>Where a value lies, 0 to 1.</summary>
    public double Place(double value) => (value - First) / (Last - First);

    /// <summary>The values of the ticks.</summary>
    public IEnumerable<double> Ticks()
    {
        int count = (int)Math.Round((Last - First) / Interval);
        for (int i = 0; i <= count; i++)
        {
            yield return First + (i * Interval);
        }
    }

    /// <summary>A tick's label, with no digits that say nothing.</summary>
    public string Label(double tick)
    {
        int digits = 0;
        for (double unit = Interval; unit < 0.999 && digits < 12; unit *= 10)
        {
            digits++;
        }

        return Math.Round(tick, digits).ToString($"F{digits}", CultureInfo.InvariantCulture);
    }
}
