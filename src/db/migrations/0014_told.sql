-- Why a task failed, as JSON with a text for each language that says it differently: {"en": "…", "zh-CN": "…"}.
UPDATE tasks SET error = json_object('en', error) WHERE error IS NOT NULL;
