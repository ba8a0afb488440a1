using System.Globalization;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Train;

/// <summary>A training run as it is watched: a bar with loss, tokens a second and time left; notes above it, or as lines where there is no terminal.</summary>
internal static class TrainingView
{
    /// <summary>Runs training and says what came out.</summary>
    /// <param name="title">What is done, such as "pretraining".</param>
    /// <param name="context">The run's wish to stop; time is left to save.</param>
    /// <param name="train">Trains with what it is given.</param>
    public static int Run(string title, CommandContext context, Func<IProgress<TrainingProgress>, TrainingResult> train)
    {
        TrainingResult result = Watch(title, context, train);
        using ResultWriter results = context.OpenResults(null, OutputFormat.Text);
        results.WriteLine(Describe(result));
        return result.End == TrainingEnd.Cancelled ? ExitCode.Interrupted : ExitCode.Success;
    }

    /// <summary>Runs training and shows how it goes.</summary>
    public static TrainingResult Watch(string title, CommandContext context, Func<IProgress<TrainingProgress>, TrainingResult> train)
    {
        context.LeaveTimeToSave();
        TrainingResult? result = null;
        ConsoleProgress.Run(title, "", resultsOnTerminal: false, report => result = train(new DirectProgress<TrainingProgress>(at => Show(at, title, report))));
        return result!;
    }

    /// <summary>What came out, in a line.</summary>
    public static string Describe(TrainingResult result)
    {
        string best = result.BestScore is { } score ? string.Create(CultureInfo.InvariantCulture, $"; best {score:0.####} at step {result.BestStep}") : "";
        string model = result.ModelFolder is { } folder ? $"; the model is in {folder}" : "";
        string end = result.End switch
        {
            TrainingEnd.Finished => "finished",
            TrainingEnd.EarlyStopped => "stopped early: validations got no better",
            _ => "stopped and saved; the same command goes on",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{end} after step {result.Step}{best}{model}");
    }

    private static void Show(TrainingProgress at, string title, Action<long, double?, string?> report)
    {
        if (at.Note is { } note)
        {
            ConsoleProgress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"step {at.Step}: {note}"));
            return;
        }

        report(at.Step, at.Step / (double)at.Steps, string.Create(
            CultureInfo.InvariantCulture, $"{title} step {at.Step:N0} of {at.Steps:N0}, loss {at.Loss:0.000}, {at.TokensPerSecond:N0} tokens/s, {at.TimeLeft:d\\.hh\\:mm\\:ss} left"));
    }
}
