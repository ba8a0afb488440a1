using System.Text.Json;

namespace BertSharp.Tests;

/// <summary>Learning rates against transformers' schedules.</summary>
public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData("linear", ScheduleKind.Linear)]
    [InlineData("cosine", ScheduleKind.Cosine)]
    [InlineData("constant", ScheduleKind.Constant)]
    [InlineData("warmup_stable_decay", ScheduleKind.WarmupStableDecay)]
    public void Every_update_has_the_reference_s_factor(string name, object kind)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(SharedData.Require("training", "schedules.json")));
        double[] factors = [.. golden.RootElement.GetProperty("schedules").GetProperty(name).GetProperty("factor_at_update_1_to_101").EnumerateArray().Select(factor => factor.GetDouble())];
        LearningRateSchedule schedule = new((ScheduleKind)kind, Warmup: 10, Decay: 20, Steps: 100);
        Assert.Equal(101, factors.Length);
        for (int update = 0; update < factors.Length; update++)
        {
            Assert.Equal(factors[update], schedule.Factor(update), 1e-15);
        }
    }

    [Fact]
    public void The_cosine_is_that_of_the_runtime()
    {
        for (int i = 0; i <= 10_000; i++)
        {
            double x = i / 10_000.0;
            Assert.Equal(Math.Cos(Math.PI * x), CosineOfPi.Of(x), 1e-15);
        }

        Assert.Equal([1, 0, -1], new[] { 0, 0.5, 1 }.Select(CosineOfPi.Of));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 8)]
    [InlineData(0.99, 30)]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    public void A_warm_up_below_one_is_a_share_rounded_up(double warmup, long updates) =>
        Assert.Equal(updates, LearningRateSchedule.Of(new TrainingOptions { Folder = "none", Warmup = warmup }, steps: 30).Warmup);

    [Fact]
    public void Behind_the_end_and_with_no_length_factors_stay_between_0_and_1()
    {
        foreach (ScheduleKind kind in Enum.GetValues<ScheduleKind>())
        {
            foreach ((long warmup, long decay, long steps) in new[] { (0L, 0L, 1L), (1, 0, 1), (5, 5, 3), (0, 9, 9) })
            {
                LearningRateSchedule schedule = new(kind, warmup, decay, steps);
                Assert.All(Enumerable.Range(0, 20), update => Assert.InRange(schedule.Factor(update), 0, 1));
            }
        }
    }
}
