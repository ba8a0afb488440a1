namespace BertSharp.Tests;

/// <summary>The test set of WNUT-17 (Derczynski et al. 2017): sentences in words with their labels.</summary>
internal static class Wnut17
{
    public static IReadOnlyList<(string[] Words, string[] Labels)> Test()
    {
        List<(string[], string[])> sentences = [];
        List<string[]> words = [];
        foreach (string line in File.ReadLines(SharedData.Require("data/wnut17/emerging.test.annotated")).Append(""))
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                words.Add(line.Split('\t'));
            }
            else if (words.Count > 0)
            {
                sentences.Add(([.. words.Select(word => word[0])], [.. words.Select(word => word[1])]));
                words.Clear();
            }
        }

        return sentences;
    }
}
