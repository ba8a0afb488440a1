using System.CommandLine;
using BertSharp.Cli.Download;
using BertSharp.Cli.Output;

namespace BertSharp.Cli.Commands;

/// <summary><c>bert download NAME</c>: a model of the Hugging Face Hub, into the local cache.</summary>
internal static class DownloadCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string> name = new("name") { Description = "A model of the Hugging Face Hub, and perhaps its branch, tag or commit: NAME or NAME@REVISION.", HelpName = "NAME" };
        Option<string> format = CommonOptions.Format(OutputFormat.Text, OutputFormat.Json);
        Command command = new("download", "Fetch a model into the Hugging Face cache: only the files that are used, and only what is missing; print its folder.") { name, format };
        command.SetAction(parsed =>
        {
            HubName model = HubName.Parse(parsed.GetValue(name)!);
            HubSettings settings = HubSettings.FromEnvironment();
            DownloadResult? result = null;
            ConsoleProgress.Run("downloading", ConsoleProgress.Bytes, resultsOnTerminal: false, report =>
                result = new ModelDownload(settings, CommandContext.Warn, report).RunAsync(model, context.Cancellation).GetAwaiter().GetResult());
            Write(result!, parsed.GetValue(format)!, context);
            return ExitCode.Success;
        });
        return HelpWithExamples.Add(
            command,
            "bert download all-MiniLM-L6-v2",
            "bert download BAAI/bge-small-en-v1.5@main --format json",
            "bert embed -m \"$(bert download all-MiniLM-L6-v2)\" \"A man is eating food.\"");
    }

    private static void Write(DownloadResult result, string format, CommandContext context)
    {
        using ResultWriter results = context.OpenResults(null, format);
        if (!results.IsJson)
        {
            results.WriteLine(result.Folder);
            return;
        }

        results.WriteDocument(json =>
        {
            json.WriteString("name", result.Name);
            json.WriteString("revision", result.Revision);
            json.WriteString("commit", result.Commit);
            json.WriteString("folder", result.Folder);
            json.WriteStartArray("files");
            foreach (DownloadedFile file in result.Files)
            {
                json.WriteStartObject();
                json.WriteString("name", file.Name);
                json.WriteNumber("size", file.Size);
                json.WriteBoolean("fetched", file.Fetched);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
